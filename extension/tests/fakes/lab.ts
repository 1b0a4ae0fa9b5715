/** The Lab's services as far as the source uses them; each keeps what it was told. */
import { Signal } from '@lumino/signaling';
import { Token } from '@lumino/coreutils';
import { createElement, type ReactElement } from 'react';
import { FakeElement } from './browser.ts';

export const ILayoutRestorer = new Token('lab:ILayoutRestorer');
export const ICommandPalette = new Token('lab:ICommandPalette');
export const IFileBrowserFactory = new Token('lab:IFileBrowserFactory');
export const ILauncher = new Token('lab:ILauncher');
export const INotebookTracker = new Token('lab:INotebookTracker');
export const IRenderMimeRegistry = new Token('lab:IRenderMimeRegistry');
export const ISettingRegistry = new Token('lab:ISettingRegistry');
export const IStateDB = new Token('lab:IStateDB');
export const IStatusBar = new Token('lab:IStatusBar');

export class LabIcon {
  readonly name: string;
  readonly svgstr: string | undefined;

  constructor(options: { name: string; svgstr?: string }) {
    this.name = options.name;
    this.svgstr = options.svgstr;
  }

  readonly react = ({ className }: { className?: string }): ReactElement =>
    createElement('span', { className, 'data-icon': this.name });
}

export class Widget {
  static attached: unknown[] = [];
  static attach(widget: unknown, host: unknown): void {
    Widget.attached.push([widget, host]);
  }

  id = '';
  updates = 0;
  isDisposed = false;
  readonly title: Record<string, unknown> = {};
  readonly classes = new Set<string>();
  readonly disposed = new Signal<this, void>(this);
  readonly node: FakeElement;

  constructor(options: { node?: FakeElement } = {}) {
    this.node = options.node ?? new FakeElement();
  }

  addClass(name: string): void {
    this.classes.add(name);
  }

  update(): void {
    this.updates += 1;
  }

  dispose(): void {
    this.isDisposed = true;
    this.disposed.emit();
  }

  protected onActivateRequest(): void {
    this.updates += 0;
  }

  protected onAfterAttach(): void {
    this.updates += 0;
  }

  protected onBeforeDetach(): void {
    this.updates += 0;
  }
}

export class ReactWidget extends Widget {}

export class MainAreaWidget<T extends Widget = Widget> extends Widget {
  readonly content: T;

  constructor({ content }: { content: T }) {
    super();
    this.content = content;
  }

  override dispose(): void {
    this.content.dispose();
    super.dispose();
  }
}

export class DocumentWidget<T extends Widget = Widget> extends MainAreaWidget<T> {
  readonly toolbar = { isHidden: false, hide: (): void => void (this.toolbar.isHidden = true) };
}

export class Base64ModelFactory {
  get name(): string {
    return 'base64';
  }

  get fileFormat(): string | null {
    return 'base64';
  }
}

/** The file and widget factories of the document registry. */
export class ABCWidgetFactory {
  readonly options: unknown;
  constructor(options: unknown) {
    this.options = options;
  }
}

export class WidgetTracker<T extends Widget = Widget> {
  currentWidget: T | null = null;
  readonly held: T[] = [];

  add(widget: T): Promise<void> {
    this.held.push(widget);
    this.currentWidget = widget;
    widget.disposed.connect(() => {
      this.held.splice(this.held.indexOf(widget), 1);
      this.currentWidget = this.held.at(-1) ?? null;
    });
    return Promise.resolve();
  }

  has(widget: T): boolean {
    return this.held.includes(widget);
  }

  find(test: (widget: T) => boolean): T | undefined {
    return this.held.find(test);
  }
}

export class Menu {
  static last: Menu | undefined;
  readonly items: { command: string }[] = [];
  readonly title: Record<string, unknown> = {};
  readonly aboutToClose = new Signal<this, void>(this);
  openedAt: [number, number] | undefined;
  isDisposed = false;

  constructor() {
    Menu.last = this;
  }

  addItem(item: { command: string }): void {
    this.items.push(item);
  }

  open(x: number, y: number): void {
    this.openedAt = [x, y];
  }

  dispose(): void {
    this.isDisposed = true;
  }
}

export interface Said {
  kind: string;
  message: string;
  options: { autoClose?: number | false; actions?: { label: string; callback: () => void }[] };
}

/** What was said by notifications, oldest first. */
export const notified: Said[] = [];

const say =
  (kind: string) =>
  (message: string, options: Said['options'] = {}): string => {
    notified.push({ kind, message, options });
    return String(notified.length);
  };

export const Notification = { error: say('error'), info: say('info'), success: say('success'), warning: say('warning') };

/** What the next dialogs answer, and what they were asked to show. */
export const dialogs = {
  answers: [] as { accept: boolean; value: string | null }[],
  shown: [] as Record<string, unknown>[]
};

const ask = (options: Record<string, unknown>): Promise<{ button: { accept: boolean }; value: string | null }> => {
  dialogs.shown.push(options);
  const { accept, value } = dialogs.answers.shift() ?? { accept: false, value: null };
  return Promise.resolve({ button: { accept }, value });
};

export const InputDialog = { getText: ask, getItem: ask };
export const showDialog = ask;
export const Dialog = {
  cancelButton: (options: object) => ({ ...options, accept: false }),
  warnButton: (options: object) => ({ ...options, accept: true, displayType: 'warn' })
};

export const copied: string[] = [];
export const Clipboard = { copyToSystem: (text: string) => copied.push(text) };

/** Cells added by the notebook's own action. */
export const NotebookActions = {
  insertBelow: (content: { insert: () => void }) => content.insert()
};

export class MimeModel {
  readonly data: Record<string, unknown>;
  constructor(options: { data: Record<string, unknown> }) {
    this.data = options.data;
  }
}
