import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import type { Rows } from '../src/api/model.ts';
import { BLOCK_COLUMNS, BLOCK_ROWS, Blocks, type Seen } from '../src/grid/blocks.ts';
import { RowsModel, type Standing } from '../src/grid/model.ts';
import { AS_THEY_COME, filtered, isArranged, type Order, type Span, turned } from '../src/grid/source.ts';
import { settled } from './fakes/server.ts';
import { rows } from './given.ts';

/** A source that is answered by hand. */
class ByHand {
  readonly asked: { span: Span; order: Order; signal: AbortSignal; answer: (rows: Rows) => Promise<void>; refuse: (thrown: Error) => Promise<void> }[] = [];

  readonly source = (span: Span, order: Order, signal: AbortSignal): Promise<Rows> =>
    new Promise((resolve, reject) => {
      const then = (work: () => void) => async (): Promise<void> => {
        work();
        await settled();
      };
      this.asked.push({
        span,
        order,
        signal,
        answer: given => then(() => resolve(given))(),
        refuse: (thrown: Error) => then(() => reject(thrown))()
      });
    });

  get spans(): [number, number][] {
    return this.asked.map(({ span }) => [span.offset, span.first_column]);
  }

  at(index: number): ByHand['asked'][number] {
    const found = this.asked[index];
    assert.ok(found, `nothing was asked for the ${index}th time`);
    return found;
  }
}

const seen = (top: number, bottom: number, left = 0, right = 2): Seen => ({ top, bottom, left, right });

describe('the order of rows', () => {
  it('goes up, then down, then as they come', () => {
    const up = turned(AS_THEY_COME, 'a');
    const down = turned(up, 'a');
    assert.deepEqual([up.sort, up.descending], ['a', false]);
    assert.deepEqual([down.sort, down.descending], ['a', true]);
    assert.deepEqual(turned(down, 'a'), AS_THEY_COME);
    assert.deepEqual(turned(down, 'b'), { sort: 'b', descending: false, filters: {} });
  });

  it('keeps the filters of other columns, and none that is empty', () => {
    const one = filtered(AS_THEY_COME, 'a', ' >1 ');
    const two = filtered(one, '__proto__', 'x');
    assert.deepEqual(one.filters, { a: '>1' });
    assert.deepEqual(Object.entries(two.filters), [['a', '>1'], ['__proto__', 'x']]);
    assert.deepEqual(filtered(one, 'a', '  ').filters, {});
    assert.deepEqual([isArranged(AS_THEY_COME), isArranged(one), isArranged(turned(AS_THEY_COME, 'a'))], [false, true, true]);
  });
});

describe('blocks of rows', () => {
  const blocksOf = (): { hand: ByHand; blocks: Blocks; arrived: number[]; failed: unknown[] } => {
    const hand = new ByHand();
    const arrived: number[] = [];
    const failed: unknown[] = [];
    const blocks = new Blocks((span, signal) => hand.source(span, AS_THEY_COME, signal), span => arrived.push(span.offset), thrown => failed.push(thrown));
    return { hand, blocks, arrived, failed };
  };

  it('are fetched where they are looked at, once, two at a time', async () => {
    const { hand, blocks, arrived } = blocksOf();
    blocks.see(seen(0, 700));
    blocks.see(seen(0, 700));
    assert.deepEqual(hand.spans, [[0, 0], [200, 0]]);
    await hand.at(0).answer(rows(0, BLOCK_ROWS));
    assert.deepEqual(hand.spans.slice(2), [[400, 0]]);
    assert.deepEqual(arrived, [0]);
    assert.deepEqual([blocks.value(7, 1), blocks.value(200, 1), blocks.value(7, 9)], ['7.1', undefined, null]);
    blocks.see(seen(0, 10));
    assert.equal(hand.asked.length, 3, 'what is here is not asked for again');
  });

  it('are cut across as well, for tables of many columns', () => {
    const { hand, blocks } = blocksOf();
    blocks.see(seen(0, 10, 60, 70));
    assert.deepEqual(hand.spans, [[0, 0], [0, BLOCK_COLUMNS]]);
    assert.equal(hand.at(0).span.column_limit, BLOCK_COLUMNS);
  });

  it('are dropped when they are scrolled past', async () => {
    const { hand, blocks, arrived } = blocksOf();
    blocks.see(seen(0, 10));
    blocks.see(seen(5_000, 5_010));
    assert.equal(hand.at(0).signal.aborted, true);
    assert.deepEqual(hand.spans, [[0, 0], [5_000, 0]]);
    await hand.at(0).answer(rows(0, 200));
    assert.deepEqual(arrived, []);
    await hand.at(1).answer(rows(5_000, 200));
    assert.deepEqual(arrived, [5_000]);
    assert.equal(blocks.value(0, 0), undefined);
  });

  it('let the oldest go', async () => {
    const { hand, blocks } = blocksOf();
    for (let block = 0; block < 130; block += 1) {
      blocks.see(seen(block * BLOCK_ROWS, block * BLOCK_ROWS + 1));
      await hand.at(block).answer(rows(block * BLOCK_ROWS, 1));
    }
    assert.equal(blocks.value(0, 0), undefined);
    assert.equal(blocks.value(129 * BLOCK_ROWS, 0), `${129 * BLOCK_ROWS}.0`);
  });

  it('say what went wrong, but not of what nobody waits for', async () => {
    const { hand, blocks, failed } = blocksOf();
    blocks.see(seen(0, 10));
    blocks.clear();
    await hand.at(0).refuse(new Error('late'));
    blocks.see(seen(0, 10));
    await hand.at(1).refuse(new Error('gone'));
    assert.deepEqual(failed.map(thrown => (thrown as Error).message), ['gone']);
    blocks.see(seen(0, 10));
    assert.equal(hand.asked.length, 3, 'it may be tried again');
  });

  it('forget the block of a row', async () => {
    const { hand, blocks } = blocksOf();
    blocks.see(seen(0, 210));
    await hand.at(0).answer(rows(0, 200));
    await hand.at(1).answer(rows(200, 5));
    blocks.forget(204);
    assert.deepEqual([blocks.value(3, 0), blocks.value(203, 0)], ['3.0', undefined]);
  });
});

interface Modelled {
  hand: ByHand;
  model: RowsModel;
  said: Standing[];
  changes: Record<string, unknown>[];
}

function modelOf(known: number | null = null): Modelled {
  const hand = new ByHand();
  const model = new RowsModel(hand.source, 2, known);
  const said: Standing[] = [];
  const changes: Record<string, unknown>[] = [];
  model.standing.connect((_, now) => void said.push(now));
  model.changed.connect((_, change) => void changes.push({ ...change }));
  return { hand, model, said, changes };
}

describe('the rows as the grid wants them', () => {
  it('are as many as the answer says, and here when it comes', async () => {
    const { hand, model, changes, said } = modelOf();
    assert.deepEqual([model.rowCount('body'), model.columnCount('body'), model.rowCount('column-header'), model.columnCount('row-header')], [0, 2, 0, 1]);
    model.see(seen(0, 10));
    await hand.at(0).answer(rows(0, 200));
    assert.equal(model.rowCount('body'), 1_000);
    assert.deepEqual(changes.map(change => [change['type'], change['index'] ?? change['row'], change['span'] ?? change['rowSpan']]), [['rows-inserted', 0, 1_000], ['cells-changed', 0, 200]]);
    assert.deepEqual([model.data('body', 3, 1), model.data('body', 300, 1), model.data('row-header', 3, 0), model.data('corner-header', 0, 0)], ['3.1', undefined, 4, '']);
    assert.deepEqual([said.at(-1)?.isWhole, said.at(-1)?.isAsking], [true, false]);
  });

  it('are asked for anew in another order, and the old answer is not taken', async () => {
    const { hand, model } = modelOf(1_000);
    model.see(seen(400, 410));
    const sorted: Order = { sort: 'c0', descending: true, filters: { c1: 'x' } };
    model.arrange(sorted);
    assert.equal(hand.at(0).signal.aborted, true);
    assert.deepEqual([hand.at(1).span.offset, hand.at(1).order], [0, sorted]);
    await hand.at(0).answer(rows(400, 200));
    assert.equal(model.data('body', 400, 0), undefined);
    await hand.at(1).answer(rows(0, 3, 2, { row_count: 3, rows_known: 3 }));
    assert.equal(model.rowCount('body'), 3);
    assert.equal(model.data('body', 2, 0), '2.0');
  });

  it('wait while the file is read to be arranged', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    const { hand, model, said } = modelOf(1_000);
    model.arrange({ ...AS_THEY_COME, sort: 'c0' });
    const pending = hand.at(0).answer(rows(0, 0, 0, { row_count: null, rows_known: 0, preparing: 0.4 }));
    mock.timers.tick(0);
    await pending;
    assert.equal(said.at(-1)?.preparing, 0.4);
    assert.equal(model.rowCount('body'), 1_000, 'what was there stays until then');
    model.see(seen(0, 10));
    assert.equal(hand.asked.length, 1);
    mock.timers.tick(400);
    assert.equal(hand.asked.length, 2);
    const done = hand.at(1).answer(rows(0, 200));
    mock.timers.tick(0);
    await done;
    assert.equal(said.at(-1)?.preparing, null);
    mock.timers.reset();
  });

  it('grow while they are counted', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    const { hand, model, said } = modelOf();
    const part = { row_count: null, rows_known: 250, counted: 0.25 };
    model.see(seen(0, 10));
    const first = hand.at(0).answer(rows(0, 200, 2, part));
    mock.timers.tick(0);
    await first;
    assert.deepEqual([model.rowCount('body'), said.at(-1)?.isWhole, said.at(-1)?.counted], [250, false, 0.25]);
    mock.timers.tick(400);
    assert.deepEqual(hand.at(1).span, { offset: 0, limit: 1, first_column: 0, column_limit: 1 });
    const last = hand.at(1).answer(rows(0, 1, 1, { row_count: 300, rows_known: 300 }));
    mock.timers.tick(0);
    await last;
    assert.deepEqual([model.rowCount('body'), said.at(-1)?.isWhole], [300, true]);
    mock.timers.tick(4_000);
    assert.equal(hand.asked.length, 2, 'what is counted is not counted again');
    mock.timers.reset();
  });
});

describe('the rows in bad times and at the end', () => {
  it('say what went wrong, and are tried again when they are arranged', async () => {
    const { hand, model, said } = modelOf(1_000);
    model.see(seen(0, 10));
    await hand.at(0).refuse(new Error('gone'));
    assert.equal((said.at(-1)?.thrown as Error).message, 'gone');
    model.see(seen(0, 10));
    assert.equal(hand.asked.length, 1);
    model.arrange(AS_THEY_COME);
    assert.equal(said.at(-1)?.thrown, undefined);
    assert.equal(hand.asked.length, 2);
  });

  it('gain columns that only later rows have', () => {
    const { model, changes } = modelOf(1_000);
    model.widen(2);
    model.widen(5);
    assert.deepEqual(changes, [{ type: 'columns-inserted', region: 'body', index: 2, span: 3 }]);
    assert.equal(model.columnCount('body'), 5);
  });

  it('stop when nobody looks at them any more', () => {
    const { hand, model } = modelOf(1_000);
    model.see(seen(0, 10));
    model.dispose();
    assert.equal(hand.at(0).signal.aborted, true);
  });
});
