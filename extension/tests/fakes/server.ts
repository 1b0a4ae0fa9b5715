/** A server that answers from a list, a socket and an upload that a test drives by hand. */
import { ServerConnection } from '@jupyterlab/services';
import { Client } from '../../src/api/client.ts';

export interface Asked {
  method: string;
  /** Path and query string. */
  path: string;
  body: unknown;
  headers: Headers;
}

type Answer = { status: number; text: string } | Error;

/** Answers requests under `base` and keeps what it was asked. */
export class FakeServer {
  readonly asked: Asked[] = [];
  readonly settings: ServerConnection.ISettings;
  readonly client: Client;
  private readonly answers = new Map<string, Answer>();

  constructor(base = 'http://127.0.0.1:8888/', options: Partial<ServerConnection.ISettings> = {}) {
    this.settings = ServerConnection.makeSettings({
      baseUrl: base,
      wsUrl: base.replace(/^http/, 'ws'),
      token: '',
      appendToken: false,
      fetch: input => this.take(input as Request),
      WebSocket: FakeSocket as unknown as typeof WebSocket,
      ...options
    });
    this.client = new Client(this.settings);
  }

  /** Says what is answered to a method and a path below the API, as "GET jobs". */
  on(request: string, body: unknown, status = 200): this {
    this.answers.set(request, { status, text: typeof body === 'string' ? body : JSON.stringify(body) });
    return this;
  }

  /** The network is gone for this request. */
  breaks(request: string): this {
    this.answers.set(request, new TypeError('fetch failed'));
    return this;
  }

  get lines(): string[] {
    return this.asked.map(({ method, path }) => `${method} ${path}`);
  }

  private async take(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    const text = await request.text();
    const path = `${pathname}${search}`;
    this.asked.push({ method: request.method, path, body: text ? (JSON.parse(text) as unknown) : undefined, headers: request.headers });
    const below = path.slice(path.indexOf('/lakebook/api/v1/') + '/lakebook/api/v1/'.length);
    const answer = this.answers.get(`${request.method} ${below}`) ?? { status: 500, text: `nothing prepared for ${below}` };
    if (answer instanceof Error) {
      throw answer;
    }
    return new Response(answer.text, { status: answer.status });
  }
}

/** The body of a refusal, as the server writes it. */
export const refusal = (message: string, hint = '', code = 'refused', request_id = 'r-1'): unknown => ({
  error: { code, message, hint, details: {}, request_id }
});

/** A socket that a test opens, feeds and closes. */
export class FakeSocket {
  static all: FakeSocket[] = [];
  static get last(): FakeSocket {
    const last = FakeSocket.all.at(-1);
    if (!last) {
      throw new Error('No socket was opened.');
    }
    return last;
  }

  onopen: () => void = () => undefined;
  onmessage: (event: { data: unknown }) => void = () => undefined;
  onclose: () => void = () => undefined;
  wasClosed = false;
  readonly url: string;

  constructor(url: string) {
    this.url = url;
    FakeSocket.all.push(this);
  }

  say(message: unknown): void {
    this.onmessage({ data: JSON.stringify(message) });
  }

  close(): void {
    this.wasClosed = true;
    this.onclose();
  }
}

/** An upload whose progress and end a test decides. */
export class FakeUpload {
  static all: FakeUpload[] = [];

  method = '';
  url = '';
  body: unknown;
  status = 0;
  responseText = '';
  withCredentials = false;
  readonly headers: Record<string, string> = {};
  readonly answered: Record<string, string> = {};
  readonly upload: { onprogress: (event: { loaded: number; total: number; lengthComputable: boolean }) => void } = {
    onprogress: () => undefined
  };
  onload: () => void = () => undefined;
  onerror: () => void = () => undefined;
  onabort: () => void = () => undefined;

  constructor() {
    FakeUpload.all.push(this);
  }

  open(method: string, url: string): void {
    this.method = method;
    this.url = url;
  }

  setRequestHeader(name: string, value: string): void {
    this.headers[name] = value;
  }

  send(body: unknown): void {
    this.body = body;
  }

  abort(): void {
    this.onabort();
  }

  progress(loaded: number, total: number): void {
    this.upload.onprogress({ loaded, total, lengthComputable: total > 0 });
  }

  getResponseHeader(name: string): string | null {
    return this.answered[name] ?? null;
  }

  end(status: number, body: unknown, headers: Record<string, string> = {}): void {
    Object.assign(this.answered, headers);
    this.status = status;
    this.responseText = typeof body === 'string' ? body : JSON.stringify(body);
    this.onload();
  }
}

Object.assign(globalThis, { XMLHttpRequest: FakeUpload });

/** Lets promises and timers of no length that are under way come to their end. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) {
    await new Promise(resolve => setImmediate(resolve));
  }
}
