/** A Lab of plain parts, in which a feature can be activated. */
import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { Signal } from '@lumino/signaling';
import { FakeElement } from './fakes/browser.ts';
import { dialogs, notified, type Said } from './fakes/lab.ts';
import { type Given, lakebook } from './given.ts';

interface Added {
  widget: { id: string };
  area: string;
  options: unknown;
}

export interface App {
  commands: Given['commands'];
  shell: { added: Added[]; activated: string[]; add: (widget: { id: string }, area: string, options?: unknown) => void; activateById: (id: string) => void };
  serviceManager: {
    serverSettings: Given['server']['settings'];
    contents: { localPath: (path: string) => string };
    kernelspecs: { ready: Promise<void>; specs: { default: string; kernelspecs: Record<string, object> } | null };
  };
  docRegistry: { types: { name: string }[]; models: unknown[]; factories: { options: Record<string, unknown> }[]; changed: Signal<unknown, { type: string; name?: string; change: string }>; addModelFactory: (factory: unknown) => void; getFileType: (name: string) => object | undefined; addFileType: (type: { name: string }) => void; addWidgetFactory: (factory: { options: Record<string, unknown> }) => { dispose: () => void } };
  /** The row that was right-clicked last. */
  clicked: FakeElement | undefined;
  contextMenuHitTest: (test: (node: FakeElement) => boolean) => FakeElement | undefined;
}

export function appOf(given: Given): App {
  const app: App = {
    commands: given.commands,
    shell: {
      added: [],
      activated: [],
      add: (widget, area, options) => void app.shell.added.push({ widget, area, options }),
      activateById: id => void app.shell.activated.push(id)
    },
    serviceManager: {
      serverSettings: given.server.settings,
      contents: { localPath: path => path.replace(/^RTC:/, '') },
      kernelspecs: { ready: Promise.resolve(), specs: { default: 'python3', kernelspecs: { python3: {}, lakebook: {} } } }
    },
    docRegistry: {
      types: [],
      models: [],
      factories: [],
      changed: new Signal({}),
      getFileType: name => (['csv', 'tsv', 'jsonl'].includes(name) ? { name } : undefined),
      addModelFactory: factory => void app.docRegistry.models.push(factory),
      addFileType: type => void app.docRegistry.types.push(type),
      addWidgetFactory: factory => {
        app.docRegistry.factories.push(factory);
        return { dispose: () => void app.docRegistry.factories.splice(app.docRegistry.factories.indexOf(factory), 1) };
      }
    },
    clicked: undefined,
    contextMenuHitTest: test => (app.clicked && test(app.clicked) ? app.clicked : undefined)
  };
  return app;
}

export interface Started {
  given: Given;
  app: App;
  run: (id: string, args?: ReadonlyPartialJSONObject) => Promise<unknown>;
}

/** Activates one feature; `services` are what it requires and may use after lakebook itself. */
export async function activate(plugin: JupyterFrontEndPlugin<void>, services: readonly unknown[] = [], given = lakebook()): Promise<Started> {
  notified.length = 0;
  dialogs.answers.length = 0;
  dialogs.shown.length = 0;
  const app = appOf(given);
  const start = plugin.activate as unknown as (...all: unknown[]) => unknown;
  await start(app, given, ...services);
  return { given, app, run: async (id, args) => (await given.commands.execute(id, args)) as unknown };
}

/** A row of the list of tables. */
export function row(dataset: string, name?: string, layer?: string): FakeElement {
  const element = new FakeElement('button');
  Object.assign(element.dataset, { lbDataset: dataset, lbName: name, lbLayer: layer });
  return element;
}

/** Settings of one plugin, as the registry gives them. */
export const settingsOf = (values: Record<string, unknown>): unknown => ({
  load: () => Promise.resolve({ get: (key: string) => ({ composite: values[key] }) })
});

/** Presses the button of a notification. */
export function press(said: Said | undefined, label: string): void {
  const action = said?.options.actions?.find(item => item.label === label);
  if (!action) {
    throw new Error(`“${said?.message ?? 'Nothing'}” has no button ${label}.`);
  }
  action.callback();
}
