import type { Rows } from '../api/model';
import type { Span } from './source';

export const BLOCK_ROWS = 200;
export const BLOCK_COLUMNS = 64;
const BLOCKS_KEPT = 120;
const AT_ONCE = 2;

/** The cells that are looked at; the ends are not in it. */
export interface Seen {
  top: number;
  bottom: number;
  left: number;
  right: number;
}

type Fetch = (span: Span, signal: AbortSignal) => Promise<Rows>;

/** Blocks of rows: fetched when they are looked at, let go when they are scrolled past, the latest kept. */
export class Blocks {
  private readonly kept = new Map<string, unknown[][]>();
  private readonly underWay = new Map<string, AbortController>();
  private wanted: Span[] = [];

  constructor(
    private readonly fetch: Fetch,
    private readonly arrived: (span: Span, rows: Rows) => void,
    private readonly failed: (thrown: unknown) => void
  ) {}

  /** A value, or undefined where it is not here yet. */
  value(row: number, column: number): unknown {
    const top = Math.floor(row / BLOCK_ROWS) * BLOCK_ROWS;
    const left = Math.floor(column / BLOCK_COLUMNS) * BLOCK_COLUMNS;
    const rows = this.kept.get(keyOf(top, left));
    const found = rows?.[row - top];
    return found === undefined ? undefined : (found[column - left] ?? null);
  }

  /** Fetches what of these cells is missing, and drops what was asked for others. */
  see({ top, bottom, left, right }: Seen): void {
    const spans: Span[] = [];
    for (let offset = floor(top, BLOCK_ROWS); offset < bottom; offset += BLOCK_ROWS) {
      for (let first = floor(left, BLOCK_COLUMNS); first < right; first += BLOCK_COLUMNS) {
        spans.push({ offset, limit: BLOCK_ROWS, first_column: first, column_limit: BLOCK_COLUMNS });
      }
    }
    const keys = new Set(spans.map(span => keyOf(span.offset, span.first_column)));
    for (const [key, controller] of this.underWay) {
      if (!keys.has(key)) {
        controller.abort();
        this.underWay.delete(key);
      }
    }
    this.wanted = spans;
    this.next();
  }

  /** Forgets the block that a row is in, for rows that are there only now. */
  forget(row: number): void {
    const top = floor(row, BLOCK_ROWS);
    for (const key of [...this.kept.keys()]) {
      if (key.startsWith(`${top}:`)) {
        this.kept.delete(key);
      }
    }
  }

  /** Forgets everything and stops what is under way. */
  clear(): void {
    this.underWay.forEach(controller => controller.abort());
    this.underWay.clear();
    this.kept.clear();
    this.wanted = [];
  }

  private next(): void {
    while (this.underWay.size < AT_ONCE) {
      const span = this.wanted.find(({ offset, first_column: first }) => !this.isKnown(keyOf(offset, first)));
      if (!span) {
        return;
      }
      this.wanted = this.wanted.filter(wanted => wanted !== span);
      void this.ask(span);
    }
  }

  private isKnown(key: string): boolean {
    return this.kept.has(key) || this.underWay.has(key);
  }

  private async ask(span: Span): Promise<void> {
    const key = keyOf(span.offset, span.first_column);
    const controller = new AbortController();
    this.underWay.set(key, controller);
    try {
      const rows = await this.fetch(span, controller.signal);
      if (!controller.signal.aborted) {
        this.keep(key, rows);
        this.arrived(span, rows);
      }
    } catch (thrown) {
      if (!controller.signal.aborted) {
        this.wanted = [];
        this.failed(thrown);
      }
    } finally {
      if (this.underWay.get(key) === controller) {
        this.underWay.delete(key);
      }
    }
    if (!controller.signal.aborted) {
      this.next();
    }
  }

  private keep(key: string, rows: Rows): void {
    if (typeof rows.preparing === 'number') {
      return;
    }
    this.kept.set(key, rows.rows);
    const [oldest] = this.kept.keys();
    if (this.kept.size > BLOCKS_KEPT && oldest !== undefined) {
      this.kept.delete(oldest);
    }
  }
}

const floor = (value: number, size: number): number => Math.floor(value / size) * size;

const keyOf = (offset: number, first: number): string => `${offset}:${first}`;
