import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createElement as h } from 'react';
import type { ColumnProfile, DatasetDetail } from '../src/api/model.ts';
import { Columns } from '../src/dataset/Columns.tsx';
import { Histogram, NullBar, TopValues } from '../src/dataset/Histogram.tsx';
import { Preview } from '../src/dataset/Preview.tsx';
import { type Drawn, draw, drawAlone, texts } from './drawn.ts';
import { column, detail, HOSTILE, lakebook, profile } from './given.ts';

type Bins = [number, number, number][];
const bars = (bins: Bins): Drawn => drawAlone(h(Histogram, { bins, label: 'spread' }));
const height = (bar: Drawn): number => Number(bar.attributes['height']);
const withColumns = (columns: ColumnProfile[], facts: Partial<DatasetDetail> = {}): DatasetDetail => detail({ profile: profile({ columns }), ...facts });
const many = (length: number): ColumnProfile[] => Array.from({ length }, (_, index) => column({ name: `c${index}` }));

describe('a histogram', () => {
  it('is an image with a name, each bar with its range and count', () => {
    const image = bars([[0, 10, 1_234], [10, 20.5, 0]]).one('img', 'spread');
    assert.deepEqual(texts(image.all.filter(node => node.tag === 'title')), ['0 to 10: 1,234', '10 to 20.5: 0']);
  });

  it('fills its height with the most and shows the least there is', () => {
    const rects = bars([[0, 1, 1_000_000], [1, 2, 1], [2, 3, 0], [3, 4, 500_000]]).all.filter(node => node.tag === 'rect');
    assert.deepEqual(rects.map(height), [24, 1, 0, 12]);
    assert.ok(rects.every(bar => Number(bar.attributes['y']) + height(bar) === 24));
  });

  it('stays inside its frame however many bins', () => {
    for (const length of [1, 7, 96, 500]) {
      const rects = bars(Array.from({ length }, (_, index) => [index, index + 1, index])).all.filter(node => node.tag === 'rect');
      const last = rects.at(-1);
      assert.ok(last);
      assert.ok(Number(last.attributes['x']) + Number(last.attributes['width']) <= 96.5);
      assert.ok(rects.every(bar => Number(bar.attributes['width']) > 0));
    }
  });

  it('is nothing where there are no bins, and flat where all are empty', () => {
    assert.equal(bars([]).all.length, 0);
    assert.deepEqual(bars([[0, 1, 0], [1, 2, 0]]).all.filter(node => node.tag === 'rect').map(height), [0, 0]);
  });
});

describe('the nulls and commonest values of a column', () => {
  it('say the share in words', () => {
    const said = [0, 0.02, 24.93, 100].map(share => drawAlone(h(NullBar, { share })));
    assert.deepEqual(texts(said), ['no nulls', '<0.1 % null', '24.9 % null', '100 % null']);
    assert.equal(said[2]?.byClass('lb-null-part')[0]?.attributes['style'], 'width:24.93%');
  });

  it('show the first values and their shares', () => {
    const about = column({ name: 'Country', top_values: [['United Kingdom', 910], ['', 60], ['France', 30], ['Spain', 1]] });
    const list = drawAlone(h(TopValues, { column: about, rows: 1_000, most: 3 })).one('list', 'Most frequent values of Country');
    assert.deepEqual(texts(list.byRole('listitem')), ['United Kingdom91 %', '(empty)6 %', 'France3 %']);
  });

  it('survive no rows and hostile values', () => {
    const about = column({ top_values: HOSTILE.map(text => [text, 1]) });
    const values = drawAlone(h(TopValues, { column: about, rows: 0, most: 99 })).byClass('lb-top-value');
    assert.deepEqual(texts(values), HOSTILE);
  });
});

describe('the preview', () => {
  const shown = (dataset: DatasetDetail): Drawn => draw(h(Preview, { dataset }), lakebook());

  it('has a head with kind and summary over each column', () => {
    const columns = [
      column({ name: 'Quantity', histogram: [[0, 1, 5]] }),
      column({ name: 'Country', label: 'Country', data_type: 'VARCHAR', null_percentage: 4.2, top_values: [['UK', 910], ['DE', 20], ['FR', 10]] })
    ];
    const [first, second] = shown(withColumns(columns, { row_count: 1_000 })).byRole('columnheader');
    assert.ok(first && second);
    assert.equal(first.spoken.replace(/\s+/g, ' '), 'Quantity integerno nulls0 to 1: 5');
    assert.equal(second.byRole('img').length, 0);
    assert.deepEqual(texts(second.byRole('listitem')), ['UK91 %', 'DE2 %']);
    assert.match(second.text, /text.*4\.2 % null/);
  });

  it('says how many rows and columns there are, and what it waits for', () => {
    const table = shown(withColumns(many(3), { row_count: 541_909 })).one('table', 'orders');
    assert.deepEqual([table.attributes['aria-rowcount'], table.attributes['aria-colcount'], table.attributes['aria-busy']], ['541910', '4', 'true']);
    assert.equal(shown(detail()).one('status').text, 'Reading the first rows…');
  });

  it('draws the columns in view of a thousand', () => {
    const heads = shown(withColumns(many(1_000))).byRole('columnheader');
    assert.ok(heads.length > 5 && heads.length < 20, String(heads.length));
    assert.deepEqual(heads.slice(0, 2).map(head => head.attributes['aria-colindex']), ['2', '3']);
  });

  it('keeps hostile names in their heads', () => {
    const heads = shown(withColumns(HOSTILE.slice(0, 4).map(name => column({ name, label: name })))).byRole('columnheader');
    assert.deepEqual(heads.map(head => head.byClass('lb-head-name')[0]?.spoken), HOSTILE.slice(0, 4));
  });
});

describe('the cards of the columns', () => {
  const cards = (columns: ColumnProfile[], rows = 100): Drawn => drawAlone(h(Columns, { dataset: withColumns(columns, { row_count: rows }) }));
  const statistics = (card: Drawn): string[] => card.all.filter(node => node.tag === 'dd').map(node => node.text);

  it('say nulls, distinct values and statistics', () => {
    const card = cards([column({ null_count: 1_080, null_percentage: 0.2, unique_exact: false, unique_count: 4_372 })]).one('article', 'Quantity');
    assert.match(card.text, /1,080 nulls \(0\.2 %\) · about 4,372 distinct/);
    assert.deepEqual(texts(card.all.filter(node => node.tag === 'dt')), ['least', 'mean', 'most', 'deviation']);
    assert.deepEqual(statistics(card), ['-80,995', '9.55225', '80,995', '218.08']);
    assert.match(cards([column()]).text, /no nulls · 722 distinct/);
  });

  it('leave out statistics that there are none of, but not a zero', () => {
    assert.deepEqual(statistics(cards([column({ min_value: 0, mean: null, max_value: null, std_dev: null })])), ['0']);
  });

  it('group amounts but not the numbers that are names', () => {
    assert.deepEqual(statistics(cards([column({ name: 'CustomerID', min_value: 12_346, max_value: 18_287, mean: null, std_dev: null })])), ['12346', '18287']);
    const dates = column({ name: 'at', data_type: 'TIMESTAMP', min_value: '2010-12-01T08:26:00', max_value: '2011-12-09T12:50:00', mean: null, std_dev: null });
    assert.deepEqual(statistics(cards([dates])), ['2010-12-01 08:26:00', '2011-12-09 12:50:00']);
  });

  it('show notes, money and the commonest values', () => {
    const drawn = cards([column({ notes: ['Looks like an id.'], money: 'GBP', top_values: [['a', 50]] })]);
    assert.match(drawn.text, /· money.*Looks like an id\./);
    assert.equal(drawn.one('list').text, 'a50 %');
  });

  it('can be found by name, sixty at once', () => {
    const drawn = cards(many(150));
    assert.equal(drawn.one('searchbox').name, 'Find a column');
    assert.equal(drawn.byRole('article').length, 60);
    assert.equal(drawn.one('button').text, 'Show more of 90 columns');
    assert.match(cards([]).text, /No column has this name\./);
  });

  it('are named by hostile names', () => {
    assert.deepEqual(cards(HOSTILE.map(name => column({ name }))).byRole('article').map(card => card.name), HOSTILE);
  });
});
