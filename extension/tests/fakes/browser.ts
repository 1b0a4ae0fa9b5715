/** As much of a browser as the source touches: a window, a document, elements that hold attributes and send events. */

export class FakeElement extends EventTarget {
  readonly dataset: Record<string, string | undefined> = {};
  readonly attributes = new Map<string, string>();
  readonly classes = new Set<string>();
  readonly inside = new Set<unknown>([this]);
  textContent = '';
  clicks = 0;
  isFocused = false;
  found: FakeElement | null = null;
  lastSelector = '';
  readonly tag: string;

  constructor(tag = 'div') {
    super();
    this.tag = tag;
  }

  setAttribute(name: string, value: string): void {
    this.attributes.set(name, value);
  }

  getAttribute(name: string): string | null {
    return this.attributes.get(name) ?? null;
  }

  contains(node: unknown): boolean {
    return this.inside.has(node);
  }

  querySelector(selector: string): FakeElement | null {
    this.lastSelector = selector;
    return this.found;
  }

  closest(): this {
    return this;
  }

  click(): void {
    this.clicks += 1;
  }

  focus(): void {
    this.isFocused = true;
  }
}

/** A link, with which the Lab takes addresses apart. */
class FakeLink extends FakeElement {
  private address = new URL('about:blank');

  get href(): string {
    return this.address.href;
  }

  set href(value: string) {
    const url = new URL(value, 'http://127.0.0.1:8888/lab');
    this.address = url;
    const { protocol, host, hostname, port, pathname, search, hash } = url;
    Object.assign(this, { protocol, host, hostname, port, pathname, search, hash });
  }

  override toString(): string {
    return this.href;
  }
}

export interface FakeDocument {
  cookie: string;
  activeElement: FakeElement | null;
  /** What was made, newest last. */
  made: FakeElement[];
  createElement: (tag: string) => FakeElement;
  getElementById: () => null;
}

export const page: FakeDocument = {
  cookie: '',
  activeElement: null,
  made: [],
  createElement: tag => {
    if (tag === 'a') {
      return new FakeLink(tag);
    }
    const element = new FakeElement(tag);
    page.made.push(element);
    return element;
  },
  getElementById: () => null
};

/** What a browser keeps over a reload. */
class FakeStorage {
  private readonly kept = new Map<string, string>();

  get length(): number {
    return this.kept.size;
  }

  key(index: number): string | null {
    return [...this.kept.keys()][index] ?? null;
  }

  getItem(key: string): string | null {
    return this.kept.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this.kept.set(key, value);
  }

  removeItem(key: string): void {
    this.kept.delete(key);
  }

  clear(): void {
    this.kept.clear();
  }
}

export const storage = new FakeStorage();
Object.defineProperty(globalThis, 'localStorage', { value: storage, configurable: true });

/** Addresses that the source wanted opened in a window of their own. */
export const openedWindows: string[] = [];

Object.assign(globalThis, {
  window: globalThis,
  document: page,
  Element: FakeElement,
  HTMLElement: FakeElement,
  HTMLInputElement: class extends FakeElement {},
  location: { href: 'http://127.0.0.1:8888/lab' },
  open: (address: string) => openedWindows.push(address),
  requestAnimationFrame: (step: () => void) => setTimeout(step, 0)
});
