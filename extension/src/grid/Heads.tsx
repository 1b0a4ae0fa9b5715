import { type KeyboardEvent, type PointerEvent, type ReactElement, useRef } from 'react';
import type { ColumnProfile } from '../api/model';
import { Histogram, NullBar, TopValues } from '../dataset/Histogram';
import { kindOf } from '../dataset/types';
import type { View } from './canvas';
import { NUMBERS_WIDTH } from './look';
import type { Order } from './source';

const NARROWEST = 56;
const SPARE = 1;

export interface HeadsProps {
  columns: readonly ColumnProfile[];
  widths: readonly number[];
  view: View;
  order: Order;
  /** Rows that the figures are of. */
  sampled: number;
  sortable: boolean;
  onSort: (column: string) => void;
  onFilter: (column: string, words: string) => void;
  onResize: (column: number, width: number) => void;
  /** Brings a column into view. */
  onReach: (column: number) => void;
}

/** Where each column begins, and behind them where the last one ends. */
const edgesOf = (widths: readonly number[]): number[] => {
  const edges = [0];
  widths.forEach((width, index) => edges.push((edges[index] ?? 0) + width));
  return edges;
};

/** The columns of which a part is in view, and one more on each side, so that Tab and arrows find it. */
export function inView(edges: readonly number[], { x, width }: View): [first: number, last: number] {
  const first = edges.findIndex(edge => edge > x) - 1;
  const last = edges.findIndex(edge => edge >= x + width);
  const count = edges.length - 1;
  return [Math.max(0, first - SPARE), Math.min(count, (last < 0 ? count : last) + SPARE)];
}

/** What a head says of its order: which sign, which words. */
function standing(order: Order, name: string): { sign: string; sorted: 'ascending' | 'descending' | 'none' } {
  if (order.sort !== name) {
    return { sign: '', sorted: 'none' };
  }
  return order.descending ? { sign: '▼', sorted: 'descending' } : { sign: '▲', sorted: 'ascending' };
}

/** The heads of the columns: name and order, type, nulls, how the values are spread, and a filter. */
export function Heads(props: HeadsProps): ReactElement {
  const { columns, widths, view, onReach } = props;
  const strip = useRef<HTMLDivElement>(null);
  const edges = edgesOf(widths);
  const [first, last] = inView(edges, view);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const from = event.target instanceof HTMLElement ? event.target.dataset['column'] : undefined;
    const next = Number(from) + (step ?? 0);
    if (step && from !== undefined && next >= 0 && next < columns.length) {
      event.preventDefault();
      onReach(next);
      strip.current?.querySelector<HTMLElement>(`[data-column="${next}"]`)?.focus();
    }
  };
  return (
    <div ref={strip} role="row" aria-rowindex={1} className="lb-heads" onKeyDown={onKeyDown}>
      {columns.slice(first, last).map((column, index) => (
        <Head key={first + index} {...props} column={column} index={first + index} left={(edges[first + index] ?? 0) - view.x} />
      ))}
      <span className="lb-heads-corner" style={{ width: NUMBERS_WIDTH }} aria-hidden="true" />
    </div>
  );
}

function Head({ column, index, left, widths, order, sampled, sortable, onSort, onFilter, onResize }: HeadsProps & { column: ColumnProfile; index: number; left: number }): ReactElement {
  const kind = kindOf(column.data_type);
  const { sign, sorted } = standing(order, column.name);
  const bins = column.histogram ?? [];
  const width = widths[index] ?? 0;
  const called = column.label || column.name;
  return (
    <div role="columnheader" aria-colindex={index + 2} aria-sort={sorted} className="lb-head" style={{ left: left + NUMBERS_WIDTH, width }}>
      <button
        type="button"
        className="lb-head-name"
        data-column={index}
        title={sortable ? `Sort by ${called}` : called}
        disabled={!sortable}
        onClick={() => onSort(column.name)}
      >
        <span dir="auto">{called}</span>
        <span aria-hidden="true">{sign}</span>
      </button>
      <span className="lb-col-type">
        <span aria-hidden="true" className="lb-sign">
          {kind.sign}
        </span>{' '}
        {kind.word}
      </span>
      {hasFigures(column) && <NullBar share={column.null_percentage} />}
      <span className="lb-col-summary">
        {bins.length > 0 ? <Histogram bins={bins} label={`How the values of ${called} are spread`} /> : <TopValues column={column} rows={sampled} most={2} />}
      </span>
      {sortable && <Filter name={column.name} called={called} words={order.filters[column.name] ?? ''} onFilter={onFilter} />}
      <Edge width={width} onResize={to => onResize(index, to)} />
    </div>
  );
}

/** Whether anything is known of its values; of a column that only later rows have there is not. */
const hasFigures = (column: ColumnProfile): boolean => column.null_count + column.unique_count > 0;

const HOW = 'Text to find, or =value, <>value, >10, 1..5, null, not null';

/** What a column's values must be; it counts when Enter is pressed or the box is left. */
function Filter({ name, called, words, onFilter }: { name: string; called: string; words: string; onFilter: HeadsProps['onFilter'] }): ReactElement {
  return (
    <input
      key={words}
      type="search"
      className="lb-head-filter"
      aria-label={`Filter ${called}`}
      placeholder="Filter"
      title={HOW}
      defaultValue={words}
      onKeyDown={event => {
        if (event.key === 'Enter') {
          onFilter(name, event.currentTarget.value);
        } else if (event.key === 'Escape') {
          event.currentTarget.value = '';
          onFilter(name, '');
        }
      }}
      onBlur={event => {
        if (event.currentTarget.value.trim() !== words) {
          onFilter(name, event.currentTarget.value);
        }
      }}
    />
  );
}

/** The right edge of a head, by which the column is made wider. */
function Edge({ width, onResize }: { width: number; onResize: (width: number) => void }): ReactElement {
  const from = useRef<number>(undefined);
  const move = (event: PointerEvent): void => {
    if (from.current !== undefined) {
      onResize(Math.max(NARROWEST, event.clientX - from.current));
    }
  };
  return (
    <span
      className="lb-head-edge"
      aria-hidden="true"
      onPointerDown={event => {
        from.current = event.clientX - width;
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={move}
      onPointerUp={() => {
        from.current = undefined;
      }}
    />
  );
}
