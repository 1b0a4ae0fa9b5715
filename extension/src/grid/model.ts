import { DataModel } from '@lumino/datagrid';
import { Signal } from '@lumino/signaling';
import type { Rows } from '../api/model';
import { Blocks, type Seen } from './blocks';
import { AS_THEY_COME, type Order, type RowSource, type Span } from './source';

const AGAIN_MS = 400;

/** How many rows there are as far as is known, and what is still to be waited for. */
export interface Standing {
  rows: number;
  /** Whether `rows` is all of them. */
  isWhole: boolean;
  /** The part of the file that is counted, 0 to 1. */
  counted: number;
  /** How far the file is read to be sorted or filtered, 0 to 1; null where nothing is waited for. */
  preparing: number | null;
  isAsking: boolean;
  thrown: unknown;
}

/** The rows of a table or a file as the grid wants them: what is not here yet is undefined and comes later. */
export class RowsModel extends DataModel {
  readonly standing = new Signal<this, Standing>(this);
  private state: Standing;
  private order_: Order = AS_THEY_COME;
  private seen: Seen = { top: 0, bottom: 1, left: 0, right: 1 };
  private readonly blocks: Blocks;
  private again: ReturnType<typeof setTimeout> | undefined;
  private isDisposed = false;

  constructor(
    private readonly source: RowSource,
    private columns: number,
    rows: number | null
  ) {
    super();
    this.state = { rows: rows ?? 0, isWhole: rows !== null, counted: 0, preparing: null, isAsking: true, thrown: undefined };
    this.blocks = new Blocks(
      (span, signal) => this.source(span, this.order_, signal),
      (span, answer) => this.arrived(span, answer),
      thrown => this.change({ thrown, isAsking: false, preparing: null })
    );
  }

  get now(): Standing {
    return this.state;
  }

  get order(): Order {
    return this.order_;
  }

  rowCount(region: DataModel.RowRegion): number {
    return region === 'body' ? this.state.rows : 0;
  }

  columnCount(region: DataModel.ColumnRegion): number {
    return region === 'body' ? this.columns : 1;
  }

  /** A value of the body, the number of a row from 1; undefined where it is not here yet. */
  data(region: DataModel.CellRegion, row: number, column: number): unknown {
    if (region === 'row-header') {
      return row + 1;
    }
    return region === 'body' ? this.blocks.value(row, column) : '';
  }

  /** Has this many columns from now on: rows further down had more of them than the first ones. */
  widen(columns: number): void {
    const span = columns - this.columns;
    if (span > 0) {
      this.columns = columns;
      this.emitChanged({ type: 'columns-inserted', region: 'body', index: columns - span, span });
    }
  }

  /** Fetches what is looked at. */
  see(seen: Seen): void {
    this.seen = seen;
    if (this.state.thrown === undefined && this.state.preparing === null) {
      this.blocks.see(seen);
    }
  }

  /** Arranges the rows anew, or tries again. */
  arrange(order: Order): void {
    const { rows } = this.state;
    this.order_ = order;
    this.blocks.clear();
    clearTimeout(this.again);
    this.seen = { ...this.seen, top: 0, bottom: Math.max(1, this.seen.bottom - this.seen.top) };
    this.change({ preparing: null, thrown: undefined, isAsking: true });
    this.emitChanged({ type: 'cells-changed', region: 'body', row: 0, column: 0, rowSpan: Math.max(1, rows), columnSpan: Math.max(1, this.columns) });
    this.blocks.see(this.seen);
  }

  dispose(): void {
    this.isDisposed = true;
    clearTimeout(this.again);
    this.blocks.clear();
    Signal.clearData(this);
  }

  private arrived(span: Span, answer: Rows): void {
    const preparing = answer.preparing ?? null;
    if (preparing !== null) {
      this.change({ preparing, isAsking: true });
      this.later(() => {
        this.change({ preparing: null });
        this.blocks.see(this.seen);
      });
      return;
    }
    const isWhole = typeof answer.row_count === 'number';
    this.grow(answer.row_count ?? answer.rows_known);
    this.change({ isWhole, counted: answer.counted, preparing: null, isAsking: false, thrown: undefined });
    const { offset: row, first_column: column } = span;
    const rowSpan = Math.min(span.limit, this.state.rows - row);
    const columnSpan = Math.min(span.column_limit, this.columns - column);
    if (rowSpan > 0 && columnSpan > 0) {
      this.emitChanged({ type: 'cells-changed', region: 'body', row, column, rowSpan, columnSpan });
    }
    if (!isWhole) {
      this.later(() => void this.count());
    }
  }

  /** Asks how many rows are counted by now. */
  private async count(): Promise<void> {
    const order = this.order_;
    const last = this.state.rows;
    try {
      const answer = await this.source({ offset: 0, limit: 1, first_column: 0, column_limit: 1 }, order, new AbortController().signal);
      if (this.isDisposed || order !== this.order_) {
        return;
      }
      this.blocks.forget(last);
      this.grow(answer.row_count ?? answer.rows_known);
      this.change({ isWhole: typeof answer.row_count === 'number', counted: answer.counted });
      this.blocks.see(this.seen);
      if (typeof answer.row_count !== 'number') {
        this.later(() => void this.count());
      }
    } catch (thrown) {
      if (!this.isDisposed) {
        this.change({ thrown });
      }
    }
  }

  private grow(rows: number): void {
    const before = this.state.rows;
    if (rows === before) {
      return;
    }
    this.state = { ...this.state, rows };
    const change = rows > before ? ({ type: 'rows-inserted', index: before, span: rows - before } as const) : ({ type: 'rows-removed', index: rows, span: before - rows } as const);
    this.emitChanged({ ...change, region: 'body' });
  }

  private later(work: () => void): void {
    clearTimeout(this.again);
    this.again = setTimeout(() => {
      if (!this.isDisposed) {
        work();
      }
    }, AGAIN_MS);
  }

  private change(facts: Partial<Standing>): void {
    this.state = { ...this.state, ...facts };
    this.standing.emit(this.state);
  }
}
