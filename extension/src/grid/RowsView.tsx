import { type ReactElement, type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
import type { ColumnProfile } from '../api/model';
import { TextButton } from '../parts/buttons';
import { Trouble } from '../parts/Words';
import { count, percent, plural } from '../words/numbers';
import { RowsGrid, type View } from './canvas';
import { Heads } from './Heads';
import { textOf, widthOf } from './look';
import { RowsModel, type Standing } from './model';
import { AS_THEY_COME, filtered, isArranged, type Order, type RowSource, turned } from './source';

const FIRST_VIEW: View = { x: 0, width: 1200 };
const FIRST_WORDS = 'Reading the first rows…';

export interface RowsViewProps {
  label: string;
  columns: readonly ColumnProfile[];
  /** All rows there are, or null while they are counted. */
  rows: number | null;
  /** Rows that the figures of the columns are of. */
  sampled: number;
  source: RowSource;
  sortable: boolean;
  /** Whether values are shown as the file spells them. */
  isRaw?: boolean;
  /** What can be done where something went wrong. */
  rescue?: ReactNode;
  /** Told how the rows are arranged whenever they are there. */
  onSettled?: (order: Order) => void;
}

/** Where the cursor stands, and the values of its row. */
interface Cursor {
  row: number;
  column: number;
  values: readonly unknown[];
}

/** What the foot says: how many rows, how many of them are counted, what is waited for. */
export function said(standing: Standing, order: Order, whole: number | null): string {
  if (standing.preparing !== null) {
    return `Reading the whole file to arrange it: ${percent(standing.preparing * 100)}`;
  }
  if (!standing.isWhole && standing.rows === 0) {
    return FIRST_WORDS;
  }
  if (!standing.isWhole) {
    return `${plural(standing.rows, 'row')} so far, ${percent(standing.counted * 100)} of the file counted`;
  }
  const isPart = Object.keys(order.filters).length > 0;
  return isPart && whole !== null && !standing.isAsking
    ? `${count(standing.rows)} of ${plural(whole, 'row')}`
    : plural(standing.rows, 'row');
}

interface Bench {
  host: RefObject<HTMLDivElement>;
  view: View;
  order: Order;
  standing: Standing | undefined;
  cursor: Cursor | undefined;
  /** All rows there are, filtered or not; null while they are not counted. */
  whole: number | null;
  arrange: (order: Order) => void;
  resize: (column: number, width: number) => void;
  reach: (column: number) => void;
}

/** The grid in its host element, and what it says of itself. */
function useBench(props: RowsViewProps): Bench {
  const { columns, rows, source } = props;
  const latest = useRef(props);
  const host = useRef<HTMLDivElement>(null);
  const grid = useRef<RowsGrid>(undefined);
  const [order, setOrder] = useState<Order>(AS_THEY_COME);
  const [view, setView] = useState<View>(FIRST_VIEW);
  const [standing, setStanding] = useState<Standing>();
  const [cursor, setCursor] = useState<Cursor>();
  const [whole, setWhole] = useState(rows);
  const names = columns.map(column => column.name).join('\n');

  useEffect(() => {
    latest.current = props;
  });
  useEffect(() => {
    if (!host.current) {
      return undefined;
    }
    const { columns: heads, rows: known, isRaw = false, label } = latest.current;
    const model = new RowsModel(source, heads.length, known);
    const made = new RowsGrid(model, heads, isRaw, `Rows of ${label}. Arrows move, Control and End go to the end.`);
    heads.forEach((head, index) => made.resizeColumn('body', index, widthOf(head)));
    const follow = (): void => {
      const { cursorRow = -1, cursorColumn = -1 } = made.selectionModel ?? {};
      setCursor(cursorAt(model, cursorRow, cursorColumn));
    };
    made.moved.connect((_, seen) => setView(seen));
    made.selectionModel?.changed.connect(follow);
    model.changed.connect(follow);
    model.standing.connect((_, now) => {
      setStanding(now);
      if (now.isWhole && !now.isAsking) {
        const isAll = Object.keys(model.order.filters).length === 0;
        setWhole(before => before ?? (isAll ? now.rows : null));
        latest.current.onSettled?.(model.order);
      }
    });
    made.attachTo(host.current);
    grid.current = made;
    setOrder(AS_THEY_COME);
    setStanding(model.now);
    return () => {
      grid.current = undefined;
      made.dispose();
    };
  }, [source]);
  useEffect(() => grid.current?.widen(latest.current.columns), [names]);

  const arrange = (next: Order): void => {
    setOrder(next);
    grid.current?.scrollTo(grid.current.scrollX, 0);
    grid.current?.rows.arrange(next);
  };
  const resize = (column: number, width: number): void => grid.current?.resizeColumn('body', column, width);
  const reach = (column: number): void => grid.current?.scrollToColumn(column);
  return { host, view, order, standing, cursor, whole, arrange, resize, reach };
}

/** Rows of any number under the summaries of their columns: scroll, sort, filter, walk with the keys. */
export function RowsView(props: RowsViewProps): ReactElement {
  const { label, columns, rows, sampled, sortable, isRaw = false, rescue } = props;
  const { host, view, order, standing, cursor, whole, arrange, resize, reach } = useBench(props);
  const [widened, setWidened] = useState<Readonly<Record<number, number>>>({});
  const clear = (): void => arrange(AS_THEY_COME);
  return (
    <div className="lb-rows">
      <div
        role="table"
        aria-label={label}
        aria-rowcount={(standing?.rows ?? rows ?? 0) + 1}
        aria-colcount={columns.length + 1}
        aria-busy={standing?.isAsking ?? true}
      >
        <div role="rowgroup">
          <Heads
            columns={columns}
            widths={columns.map((column, index) => widened[index] ?? widthOf(column))}
            view={view}
            order={order}
            sampled={sampled}
            sortable={sortable}
            onSort={name => arrange(turned(order, name))}
            onFilter={(name, words) => arrange(filtered(order, name, words))}
            onResize={(column, width) => {
              setWidened({ ...widened, [column]: width });
              resize(column, width);
            }}
            onReach={reach}
          />
        </div>
        {cursor && <CursorRow cursor={cursor} columns={columns} isRaw={isRaw} />}
      </div>
      {standing?.thrown !== undefined && (
        <Trouble thrown={standing.thrown}>
          <TextButton onClick={clear}>Show the rows as they come</TextButton>
          {rescue}
        </Trouble>
      )}
      <div ref={host} className="lb-rows-host" />
      <div className="lb-foot lb-rows-foot">
        <span role="status">{standing ? said(standing, order, whole) : FIRST_WORDS}</span>
        {isArranged(order) && <TextButton onClick={clear}>Clear order and filters</TextButton>}
        {cursor && <CursorWords cursor={cursor} columns={columns} isRaw={isRaw} />}
      </div>
    </div>
  );
}

function cursorAt(model: RowsModel, row: number, column: number): Cursor | undefined {
  if (row < 0 || column < 0 || row >= model.now.rows) {
    return undefined;
  }
  const columns = model.columnCount('body');
  // Of a very wide table only the values around the cursor are told.
  const first = Math.max(0, Math.min(column - 32, columns - 64));
  const values = Array.from({ length: Math.min(columns, first + 64) }, (_, index) => (index < first ? undefined : model.data('body', row, index)));
  return { row, column, values };
}

/** The cursor's row for who does not see the canvas. */
function CursorRow({ cursor, columns, isRaw }: { cursor: Cursor; columns: readonly ColumnProfile[]; isRaw: boolean }): ReactElement {
  return (
    <div role="rowgroup" className="lb-sr">
      <div role="row" aria-rowindex={cursor.row + 2}>
        <span role="rowheader" aria-colindex={1}>
          {count(cursor.row + 1)}
        </span>
        {cursor.values.map((value, index) =>
          value === undefined ? null : (
            <span key={index} role="cell" aria-colindex={index + 2}>
              {value === null ? 'null' : textOf(value, columns[index], isRaw)}
            </span>
          )
        )}
      </div>
    </div>
  );
}

/** The cursor's value in full. */
function CursorWords({ cursor, columns, isRaw }: { cursor: Cursor; columns: readonly ColumnProfile[]; isRaw: boolean }): ReactElement {
  const column = columns[cursor.column];
  const value = cursor.values[cursor.column];
  return (
    <span className="lb-rows-cursor" aria-live="polite" dir="auto">
      <strong>{column?.label || column?.name}</strong>, row {count(cursor.row + 1)}: {value === undefined ? '…' : value === null ? 'null' : textOf(value, column, isRaw)}
    </span>
  );
}
