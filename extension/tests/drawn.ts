/** Draws a component to markup and reads it as a person would: by role, name and text. */
import { mock } from 'node:test';
import type { ReactElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { LakebookWidget } from '../src/scope.tsx';
import type { ILakebook } from '../src/tokens.ts';
import { given, type Props } from './fakes/jsx.ts';

const ROLES: Readonly<Record<string, string>> = {
  button: 'button', h1: 'heading', h2: 'heading', h3: 'heading', ul: 'list', li: 'listitem', table: 'table',
  th: 'columnheader', td: 'cell', article: 'article', section: 'region', select: 'combobox', option: 'option', form: 'form'
};

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#x27': "'" };
const plain = (text: string): string => text.replace(/&(amp|lt|gt|quot|#x27);/g, (_, name: string) => ENTITIES[name] ?? '');
const VOID = new Set(['input', 'br', 'hr', 'img', 'meta', 'link']);

export class Drawn {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly parent: Drawn | undefined;
  readonly children: (Drawn | string)[] = [];
  readonly props: Props;

  constructor(tag: string, attributes: Readonly<Record<string, string>> = {}, parent?: Drawn) {
    this.tag = tag;
    this.attributes = attributes;
    this.parent = parent;
    this.props = given[Number(attributes['data-given'] ?? -1)] ?? {};
  }

  /** All elements inside, in the order of the page. */
  get all(): Drawn[] {
    return this.children.flatMap(child => (typeof child === 'string' ? [] : [child, ...child.all]));
  }

  get text(): string {
    return this.children.map(child => (typeof child === 'string' ? child : child.text)).join('');
  }

  /** The text without what is hidden from readers of the screen. */
  get spoken(): string {
    const parts = this.children.map(child =>
      typeof child === 'string' ? child : child.attributes['aria-hidden'] === 'true' ? '' : child.spoken
    );
    return parts.join('');
  }

  get name(): string {
    return this.attributes['aria-label'] ?? this.spoken.trim();
  }

  get role(): string {
    return this.attributes['role'] ?? (this.attributes['type'] === 'search' ? 'searchbox' : ROLES[this.tag] ?? this.tag);
  }

  byRole(role: string, name?: string): Drawn[] {
    return this.all.filter(node => node.role === role && (name === undefined || node.name === name));
  }

  /** The one element of the role and name; anything else is a failure. */
  one(role: string, name?: string): Drawn {
    const [found, ...more] = this.byRole(role, name);
    if (!found || more.length > 0) {
      const names = this.byRole(role).map(node => node.name);
      throw new Error(`${more.length + (found ? 1 : 0)} of role ${role} named ${name ?? 'anything'} among: ${names.join(' | ')}`);
    }
    return found;
  }

  byClass(name: string): Drawn[] {
    return this.all.filter(node => (node.attributes['class'] ?? '').split(' ').includes(name));
  }

  /** Sends what a handler of the element waits for. */
  send(handler: string, event: unknown = {}): void {
    const known = this.props[handler];
    if (typeof known !== 'function') {
      throw new Error(`The ${this.role} “${this.name}” does not take ${handler}.`);
    }
    (known as (event: unknown) => void)(event);
  }

  click(): void {
    this.send('onClick');
  }
}

/** Reads React's own markup, which closes and quotes everything. */
export function parse(markup: string): Drawn {
  const root = new Drawn('root');
  let at = root;
  for (const [token, closing, opening, facts] of markup.matchAll(/<\/([\w-]+)>|<([\w-]+)((?:\s[\w:-]+(?:="[^"]*")?)*)\s*\/?>|[^<]+/g)) {
    if (closing) {
      at = at.parent ?? root;
    } else if (opening) {
      const pairs = [...(facts ?? '').matchAll(/([\w:-]+)(?:="([^"]*)")?/g)];
      const attributes = Object.fromEntries(pairs.map(([, key, value]) => [key ?? '', plain(value ?? '')]));
      const node = new Drawn(opening, attributes, at);
      at.children.push(node);
      at = VOID.has(opening) || token.endsWith('/>') ? at : node;
    } else {
      at.children.push(plain(token));
    }
  }
  return root;
}

class Frame extends LakebookWidget {
  private readonly inside: ReactElement;

  constructor(lakebook: ILakebook, inside: ReactElement) {
    super(lakebook);
    this.inside = inside;
  }

  whole(): ReactElement {
    return this.render();
  }

  protected override content(): ReactElement {
    return this.inside;
  }
}

/** Draws a tree as it is; whatever React has to complain of is an error. */
export function drawAlone(element: ReactElement): Drawn {
  given.length = 0;
  const complaints = mock.method(console, 'error', () => undefined);
  try {
    const drawn = parse(renderToStaticMarkup(element));
    if (complaints.mock.callCount() > 0) {
      throw new Error(`React complains: ${complaints.mock.calls.map(call => call.arguments.join(' ')).join('\n')}`);
    }
    return drawn;
  } finally {
    complaints.mock.restore();
  }
}

/** Draws a component with lakebook around it. */
export const draw = (element: ReactElement, lakebook: ILakebook): Drawn => drawAlone(new Frame(lakebook, element).whole());

/** Draws what a widget of the Lab shows. */
export const drawWidget = (widget: unknown): Drawn => drawAlone((widget as { render: () => ReactElement }).render());

/** What is drawn a second time may differ from `given` of the first, so a test keeps only the newest drawing. */
export const texts = (nodes: readonly Drawn[]): string[] => nodes.map(node => node.text);
