import type { Rows } from '../api/model';

/** How the rows are arranged: by one column, past what each column's filter says. */
export interface Order {
  sort: string | null;
  descending: boolean;
  filters: Readonly<Record<string, string>>;
}

export const AS_THEY_COME: Order = { sort: null, descending: false, filters: {} };

/** A rectangle of a table, in rows and columns. */
export interface Span {
  offset: number;
  limit: number;
  first_column: number;
  column_limit: number;
}

/** Where rows come from: a table's or a file's route. */
export type RowSource = (span: Span, order: Order, signal: AbortSignal) => Promise<Rows>;

/** A click on a column's head: its least first, its greatest first, as they come. */
export function turned(order: Order, column: string): Order {
  if (order.sort !== column) {
    return { ...order, sort: column, descending: false };
  }
  return order.descending ? { ...order, sort: null, descending: false } : { ...order, descending: true };
}

/** The order with one filter changed; an empty one is none. */
export function filtered(order: Order, column: string, words: string): Order {
  const others = Object.entries(order.filters).filter(([name]) => name !== column);
  return { ...order, filters: Object.fromEntries(words.trim() ? [...others, [column, words.trim()]] : others) };
}

/** Whether the rows are sorted or filtered. */
export const isArranged = ({ sort, filters }: Order): boolean => sort !== null || Object.keys(filters).length > 0;
