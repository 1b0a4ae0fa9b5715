import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { createElement as h } from 'react';
import type { ColumnProfile } from '../src/api/model.ts';
import { RowsGrid, type View } from '../src/grid/canvas.ts';
import { Heads, type HeadsProps, inView } from '../src/grid/Heads.tsx';
import { textOf, widthOf } from '../src/grid/look.ts';
import { RowsModel, type Standing } from '../src/grid/model.ts';
import { said } from '../src/grid/RowsView.tsx';
import { AS_THEY_COME, type Order } from '../src/grid/source.ts';
import { type Drawn, drawAlone } from './drawn.ts';
import { FakeElement } from './fakes/browser.ts';
import type { DataGrid } from './fakes/datagrid.ts';
import { Widget } from './fakes/lab.ts';
import { column, HOSTILE, rows } from './given.ts';

const many = (length: number): ColumnProfile[] => Array.from({ length }, (_, index) => column({ name: `c${index}`, label: `C ${index}` }));

function headsOf(facts: Partial<HeadsProps> = {}): { drawn: Drawn; did: unknown[] } {
  const did: unknown[] = [];
  const columns = facts.columns ?? many(3);
  const props: HeadsProps = {
    columns,
    widths: columns.map(() => 100),
    view: { x: 0, width: 400 },
    order: AS_THEY_COME,
    sampled: 10,
    sortable: true,
    onSort: name => did.push(['sort', name]),
    onFilter: (name, words) => did.push(['filter', name, words]),
    onResize: (index, width) => did.push(['resize', index, width]),
    onReach: index => did.push(['reach', index]),
    ...facts
  };
  return { drawn: drawAlone(h(Heads, props)), did };
}

describe('the heads of the columns', () => {
  it('sort when they are pressed, by the column’s own name', () => {
    const { drawn, did } = headsOf();
    drawn.one('button', 'C 1').click();
    assert.deepEqual(did, [['sort', 'c1']]);
  });

  it('say how the rows are sorted', () => {
    const sorted = (order: Partial<Order>): (string | undefined)[] =>
      headsOf({ order: { ...AS_THEY_COME, ...order } }).drawn.byRole('columnheader').map(head => head.attributes['aria-sort']);
    assert.deepEqual(sorted({}), ['none', 'none', 'none']);
    assert.deepEqual(sorted({ sort: 'c1' }), ['none', 'ascending', 'none']);
    assert.deepEqual(sorted({ sort: 'c2', descending: true }), ['none', 'none', 'descending']);
  });

  it('take a filter when Enter is pressed or the box is left with other words', () => {
    const { drawn, did } = headsOf({ order: { ...AS_THEY_COME, filters: { c0: '>1' } } });
    const [first, second] = drawn.byRole('searchbox');
    assert.ok(first && second);
    assert.equal(first.attributes['value'], '>1');
    assert.equal(second.name, 'Filter C 1');
    second.send('onKeyDown', { key: 'a', currentTarget: { value: 'x' } });
    second.send('onKeyDown', { key: 'Enter', currentTarget: { value: 'x' } });
    first.send('onBlur', { currentTarget: { value: ' >1 ' } });
    first.send('onBlur', { currentTarget: { value: '' } });
    const box = { value: 'y' };
    second.send('onKeyDown', { key: 'Escape', currentTarget: box });
    assert.deepEqual(did, [['filter', 'c1', 'x'], ['filter', 'c0', ''], ['filter', 'c1', '']]);
    assert.equal(box.value, '');
  });

  it('neither sort nor filter what cannot be arranged', () => {
    const { drawn } = headsOf({ sortable: false });
    assert.equal(drawn.byRole('searchbox').length, 0);
    assert.ok(drawn.byRole('button').every(button => 'disabled' in button.attributes));
  });

  it('are walked with the arrows, which bring them into view', () => {
    const { drawn, did } = headsOf();
    const from = new FakeElement('button');
    from.dataset['column'] = '1';
    const press = (key: string, target: unknown = from): void => drawn.one('row').send('onKeyDown', { key, target, preventDefault: () => undefined });
    press('ArrowRight');
    press('ArrowLeft');
    press('Tab');
    press('ArrowLeft', new FakeElement('input'));
    assert.deepEqual(did, [['reach', 2], ['reach', 0]]);
    from.dataset['column'] = '2';
    press('ArrowRight');
    assert.equal(did.length, 2);
  });

  it('are drawn where they are in view', () => {
    const edges = Array.from({ length: 1_001 }, (_, index) => index * 100);
    assert.deepEqual(inView(edges, { x: 0, width: 400 }), [0, 5]);
    assert.deepEqual(inView(edges, { x: 50_050, width: 400 }), [499, 506]);
    assert.deepEqual(inView(edges, { x: 99_700, width: 400 }), [996, 1_000]);
    assert.deepEqual(inView([0], { x: 0, width: 400 }), [0, 0]);
    const { drawn } = headsOf({ columns: many(1_000), view: { x: 50_050, width: 400 } });
    const [first] = drawn.byRole('columnheader');
    assert.equal(first?.attributes['aria-colindex'], '501');
    assert.match(first.attributes['style'] ?? '', /left:-78px/);
  });

  it('say nothing of nulls where nothing is known of the values', () => {
    const bars = (facts: Partial<ColumnProfile>): number => headsOf({ columns: [column(facts)] }).drawn.byClass('lb-null-bar').length;
    assert.deepEqual([bars({}), bars({ unique_count: 0, null_count: 9 }), bars({ unique_count: 0, null_count: 0 })], [1, 1, 0]);
  });

  it('are made wider by their edge', () => {
    const { drawn, did } = headsOf();
    const edge = drawn.byClass('lb-head-edge')[1];
    edge?.send('onPointerMove', { clientX: 500 });
    edge?.send('onPointerDown', { clientX: 300, pointerId: 1, currentTarget: { setPointerCapture: () => undefined } });
    edge?.send('onPointerMove', { clientX: 340 });
    edge?.send('onPointerMove', { clientX: -900 });
    edge?.send('onPointerUp');
    edge?.send('onPointerMove', { clientX: 500 });
    assert.deepEqual(did, [['resize', 1, 140], ['resize', 1, 56]]);
  });
});

describe('a value in the grid', () => {
  it('is shown as its type wants, or as the file spells it', () => {
    const amount = column({ name: 'amount', data_type: 'DECIMAL(18,2)' });
    assert.equal(textOf('1234.50', amount, false), '1,234.50');
    assert.equal(textOf('1234.50', amount, true), '1234.50');
    assert.equal(textOf(1_234, column(), false), '1,234');
    assert.equal(textOf(1_234, column(), true), '1234');
    assert.equal(textOf({ a: [1] }, undefined, true), '{"a":[1]}');
    assert.equal(textOf(true, undefined, true), 'true');
  });

  it('shows nulls, blanks at the ends and line ends, and nothing before it is here', () => {
    const text = (value: unknown): string => textOf(value, column({ data_type: 'VARCHAR' }), false);
    assert.deepEqual([text(null), text(undefined), text('  a b '), text('   '), text('a\r\nb\tc')], ['∅', '', '··a b·', '···', 'a↵b⇥c']);
    HOSTILE.filter(name => !/\s/.test(name)).forEach(name => assert.equal(text(name), name));
  });

  it('begins in a column that is wide enough, but not endless', () => {
    assert.equal(widthOf(column({ name: 'a', max_value: 1 })), 128);
    assert.equal(widthOf(column({ name: 'n'.repeat(200) })), 240);
    assert.equal(widthOf(column({ name: 'x', data_type: 'DOUBLE', max_value: 0.123_456_789_012_345 })), 128);
  });
});

describe('what the foot says', () => {
  const standing: Standing = { rows: 520, isWhole: true, counted: 1, preparing: null, isAsking: false, thrown: undefined };
  const part: Order = { ...AS_THEY_COME, filters: { a: 'x' } };

  it('is how many rows there are, of how many', () => {
    assert.equal(said(standing, AS_THEY_COME, 520), '520 rows');
    assert.equal(said({ ...standing, rows: 1 }, AS_THEY_COME, 1), '1 row');
    assert.equal(said(standing, part, 2_000_000), '520 of 2,000,000 rows');
    assert.equal(said({ ...standing, isAsking: true }, part, 2_000_000), '520 rows');
    assert.equal(said(standing, part, null), '520 rows');
  });

  it('is how far counting and reading are', () => {
    assert.equal(said({ ...standing, rows: 0, isWhole: false }, AS_THEY_COME, null), 'Reading the first rows…');
    assert.equal(said({ ...standing, isWhole: false, counted: 0.314 }, AS_THEY_COME, null), '520 rows so far, 31.4 % of the file counted');
    assert.equal(said({ ...standing, preparing: 0.5 }, part, 9), 'Reading the whole file to arrange it: 50 %');
  });
});

/** What the browser would watch for the grid: its theme and its size. */
const observers: { target: unknown; stop: boolean; say: () => void }[] = [];
const frames: (() => void)[] = [];
let colour = 'white';

class Observer {
  readonly kept = { target: undefined as unknown, stop: false, say: (): void => this.callback() };
  private readonly callback: () => void;

  constructor(callback: () => void) {
    this.callback = callback;
    observers.push(this.kept);
  }

  observe(target: unknown): void {
    this.kept.target = target;
  }

  disconnect(): void {
    this.kept.stop = true;
  }
}

function afresh(): void {
  beforeEach(() => {
    observers.length = 0;
    frames.length = 0;
    Object.assign(globalThis, {
      MutationObserver: Observer,
      ResizeObserver: Observer,
      getComputedStyle: () => ({ getPropertyValue: (name: string) => ` ${name}:${colour} ` }),
      requestAnimationFrame: (step: () => void) => frames.push(step),
      cancelAnimationFrame: () => undefined
    });
    Object.assign(globalThis.document, { body: new FakeElement('body') });
  });
}

function gridOf(isRaw = false): { grid: RowsGrid; fake: DataGrid; model: RowsModel; views: View[]; asked: number[] } {
  const asked: number[] = [];
  const model = new RowsModel(
    span => {
      asked.push(span.offset);
      return Promise.resolve(rows(span.offset, 0));
    },
    3,
    1_000
  );
  const grid = new RowsGrid(model, [column({ data_type: 'BIGINT' }), column({ data_type: 'VARCHAR' }), column()], isRaw, 'Rows of orders.');
  const views: View[] = [];
  grid.moved.connect((_, view) => void views.push(view));
  return { grid, fake: grid as unknown as DataGrid, model, views, asked };
}

describe('the grid on its canvas', () => {
  afresh();

  it('asks for what is in view, once a frame', () => {
    const { grid, views, asked } = gridOf();
    grid.scrollTo(100, 0);
    grid.scrollTo(100, 24 * 500);
    assert.equal(frames.length, 1);
    frames[0]?.();
    assert.deepEqual(asked, [400]);
    assert.deepEqual(views, [{ x: 100, width: 500 }]);
  });

  it('can be reached by Tab and says what it is', () => {
    const { node } = gridOf().fake.viewport as unknown as { node: FakeElement & { tabIndex: number } };
    assert.deepEqual([node.tabIndex, node.getAttribute('role'), node.getAttribute('aria-label')], [0, 'application', 'Rows of orders.']);
  });

  it('goes to the ends with Home and End, of the row or of all', () => {
    const { fake } = gridOf();
    const press = (key: string, ctrlKey = false): [number, number] => {
      fake.keyHandler?.onKeyDown(fake, { key, ctrlKey, preventDefault: () => undefined, stopPropagation: () => undefined } as unknown as { key: string });
      return [fake.selectionModel?.cursorRow ?? -9, fake.selectionModel?.cursorColumn ?? -9];
    };
    assert.deepEqual([press('End'), press('End', true), press('Home'), press('Home', true)], [[0, 2], [999, 2], [999, 0], [0, 0]]);
    assert.equal(fake.cursorShown, 4);
    press('ArrowDown');
    assert.deepEqual(fake.keyHandler?.keys, ['ArrowDown']);
  });

  it('puts numbers to the right and nulls in grey, and follows the theme', () => {
    const { fake, grid } = gridOf();
    const body = (): Record<string, (cell: { value: unknown; column: number }) => unknown> => fake.cellRenderers.kept['body']?.options ?? {};
    assert.deepEqual([0, 1].map(index => body()['horizontalAlignment']?.({ value: 1, column: index })), ['right', 'left']);
    assert.notEqual(body()['textColor']?.({ value: null, column: 0 }), body()['textColor']?.({ value: 1, column: 0 }));
    grid.attachTo(new FakeElement() as unknown as HTMLElement);
    assert.equal(Widget.attached.length > 0, true);
    colour = 'black';
    observers.forEach(observer => observer.target === globalThis.document.body && observer.say());
    assert.equal(fake.style['backgroundColor'], '--jp-layout-color1:black');
  });

  it('is told of more columns', () => {
    const { grid, fake, model } = gridOf();
    grid.widen(many(5));
    assert.equal(model.columnCount('body'), 5);
    assert.deepEqual([...fake.widths.keys()], [3, 4]);
  });

  it('leaves nothing behind', () => {
    const { grid, asked } = gridOf();
    grid.scrollTo(0, 0);
    grid.dispose();
    frames[0]?.();
    assert.ok(observers.every(observer => observer.stop));
    assert.deepEqual(asked, []);
  });
});
