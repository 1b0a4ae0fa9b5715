import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createElement as h } from 'react';
import type { Dataset } from '../src/api/model.ts';
import { Problem } from '../src/api/problem.ts';
import { DatasetList, Score } from '../src/panel/Datasets.tsx';
import { FindBox } from '../src/panel/FindBox.tsx';
import { Found } from '../src/panel/Found.tsx';
import { Panel, type PanelProps } from '../src/panel/Panel.tsx';
import { Command } from '../src/tokens.ts';
import { type Drawn, draw, drawAlone, texts } from './drawn.ts';
import { FakeElement } from './fakes/browser.ts';
import { settled } from './fakes/server.ts';
import { column, dataset, failed, type Given, HOSTILE, job, lakebook, profile } from './given.ts';

const ALL = Object.values(Command);
const panel = (given: Given, props: Partial<PanelProps> = {}): Drawn =>
  draw(h(Panel, { lit: undefined, folded: {}, showDeleted: false, onFold: () => undefined, onMenu: () => undefined, ...props }), given);

function filled(items: readonly Dataset[] = [dataset()]): Given {
  const given = lakebook(ALL);
  given.queries.setQueryData(['datasets'], items);
  return given;
}

describe('the sidebar', () => {
  it('says what it waits for', () => {
    const given = lakebook(ALL);
    assert.deepEqual(texts(panel(given).one('region', 'Datasets').byRole('status')), ['Reading the list of tables…']);
  });

  it('shows a new home one zone and two ways, and no box to find in', () => {
    const given = filled([]);
    const drawn = panel(given);
    assert.equal(drawn.byRole('searchbox').length, 0);
    assert.equal(drawn.byRole('region', 'Datasets').length, 0);
    const zone = drawn.byClass('lb-empty')[0];
    assert.ok(zone);
    zone.byRole('button').forEach(button => button.click());
    assert.deepEqual(given.ran.map(([id]) => id), [Command.load, Command.demo]);
    assert.match(zone.text, /Drop a file here, or choose one.*CSV, JSON lines or Parquet.*make demo data/);
  });

  it('has its sections with their counts, folded as it is told', () => {
    const given = filled([dataset(), dataset({ dataset_id: 'b', name: 'b' })]);
    given.work.put(job());
    const drawn = panel(given, { folded: { Models: true, Runs: true, Dashboards: true } });
    const titles = drawn.byRole('heading').filter(node => node.tag === 'h2');
    assert.deepEqual(texts(titles), ['Datasets2', 'Jobs1', 'Models', 'Runs', 'Dashboards']);
    assert.deepEqual(titles.map(title => title.one('button').attributes['aria-expanded']), ['true', 'true', 'false', 'false', 'false']);
    assert.equal(drawn.byRole('list', 'Datasets').length, 1);
  });

  it('folds the section whose title is clicked', () => {
    const folds: string[] = [];
    const drawn = panel(filled(), { onFold: name => void folds.push(name) });
    drawn.one('region', 'Jobs').byRole('button')[0]?.click();
    drawn.one('region', 'Models').byRole('button')[0]?.click();
    assert.deepEqual(folds, ['Jobs', 'Models']);
  });

  it('says what went wrong with the list and asks again', async () => {
    const given = lakebook(ALL);
    await failed(given, ['datasets'], new Problem('The lake is locked.', 'locked', 'Close the other one.', 'r-1'));
    const drawn = panel(given);
    assert.match(drawn.one('region', 'Datasets').one('alert').text, /The lake is locked\.Close the other one\./);
    assert.equal(drawn.byClass('lb-empty').length, 0, 'a failure is not an empty home');
    assert.equal(drawn.byRole('button', 'Try again').length, 1);
  });

  it('has three buttons on top', () => {
    const given = filled();
    let menus = 0;
    const drawn = panel(given, { onMenu: () => (menus += 1) });
    const header = drawn.all.find(node => node.tag === 'header');
    assert.equal(header?.one('heading').text, 'lakebook');
    header.one('button', 'Load files…').click();
    header.one('button', 'Read everything again').click();
    header.one('button', 'More').send('onClick', { currentTarget: { getBoundingClientRect: () => ({}) } });
    assert.deepEqual(given.ran.map(([id]) => id), [Command.load, Command.refresh]);
    assert.equal(menus, 1);
  });

  it('lights up with the words of what is dragged', () => {
    const drawn = panel(filled(), { lit: 'Drop to load orders.csv' });
    assert.equal(drawn.byClass('lb-mod-lit').length, 1);
    assert.equal(drawn.byClass('lb-lit-words')[0]?.text, 'Drop to load orders.csv');
    assert.equal(panel(filled()).byClass('lb-mod-lit').length, 0);
  });

  it('lists deleted tables where that is asked for', async () => {
    const given = filled();
    given.queries.setQueryData(['datasets', 'deleted'], [dataset({ name: 'old', deleted_at: '2026-01-10T10:00:00Z' })]);
    given.server.on('POST datasets/ds-orders/restore', dataset());
    assert.equal(panel(given).byRole('region', 'Deleted').length, 0);
    const drawn = panel(given, { showDeleted: true }).one('region', 'Deleted');
    assert.match(drawn.one('list', 'Deleted tables').text, /^old/);
    drawn.one('button', 'Bring back').click();
    await settled();
    assert.deepEqual(given.server.lines, ['POST /lakebook/api/v1/datasets/ds-orders/restore']);
  });
});

describe('the list of tables', () => {
  const list = (items: readonly Dataset[], given = lakebook(ALL)): Drawn => draw(h(DatasetList, { items }), given);

  it('has a line each: name, rows, quality, age', () => {
    const updated_at = new Date(Date.now() - 120_000).toISOString();
    const row = list([dataset({ updated_at })]).one('list', 'Datasets').one('button');
    assert.equal(row.spoken, 'orders542kquality .832m');
    assert.match(row.attributes['title'] ?? '', /^orders: 541,909 rows, 8 columns, version 3, loaded \d/);
    assert.deepEqual(['data-lb-dataset', 'data-lb-name', 'data-lb-layer'].map(name => row.attributes[name]), ['ds-orders', 'orders', 'bronze']);
  });

  it('names the layer of tables that were made of others', () => {
    assert.deepEqual(texts(list([dataset({ layer: 'gold', name: 'sales' })]).byClass('lb-name')), ['gold.sales']);
  });

  it('opens the table that is clicked', () => {
    const given = lakebook(ALL);
    list([dataset(), dataset({ dataset_id: 'b', name: 'b' })], given).byRole('button')[1]?.click();
    assert.deepEqual(given.ran, [[Command.openDataset, { dataset: 'b', name: 'b' }]]);
  });

  it('cannot be clicked where the page of a table is disabled', () => {
    assert.ok('disabled' in list([dataset()], lakebook()).one('button').attributes);
  });

  it('shows hostile names, huge and empty tables', () => {
    const items = HOSTILE.map((name, index) => dataset({ name, dataset_id: String(index), row_count: index ? Number.MAX_SAFE_INTEGER : 0 }));
    const drawn = list(items);
    assert.deepEqual(texts(drawn.byClass('lb-name')), HOSTILE);
    assert.deepEqual(drawn.byRole('button').map(row => row.attributes['data-lb-name']), HOSTILE);
    assert.match(drawn.byClass('lb-figure')[1]?.attributes['title'] ?? '', /^9,007,199,254,740,991 rows$/);
  });

  it('tells a score by a word and not by its colour alone', () => {
    const shown = [0.95, 0.75, 0.1].map(value => drawAlone(h(Score, { value })).all[0]?.attributes['title']);
    assert.deepEqual(shown, ['Quality .95 of 1: good', 'Quality .75 of 1: fair', 'Quality .10 of 1: poor']);
    assert.equal(drawAlone(h(Score, { value: null })).all.length, 0);
  });
});

describe('the box that finds and asks', () => {
  const tables = [dataset({ dataset_id: '1', name: 'orders_old' }), dataset({ dataset_id: '2', name: 'Orders' })];
  const enter = (typed: string, ids: readonly string[] = ALL, key = 'Enter', isComposing = false): { ran: Given['ran']; set: string[]; prevented: number } => {
    const given = lakebook(ids);
    const set: string[] = [];
    let prevented = 0;
    const drawn = draw(h(FindBox, { datasets: tables, typed, onType: (text: string) => void set.push(text) }), given);
    drawn.one('searchbox', 'Find dataset, column, question').send('onKeyDown', { key, nativeEvent: { isComposing }, preventDefault: () => (prevented += 1), currentTarget: new FakeElement() });
    return { ran: given.ran, set, prevented };
  };

  it('opens the table of the very name, else the first that is found', () => {
    assert.deepEqual(enter(' orders ').ran, [[Command.openDataset, { dataset: '2', name: 'Orders' }]]);
    assert.deepEqual(enter('order').ran, [[Command.openDataset, { dataset: '1', name: 'orders_old' }]]);
  });

  it('asks a sentence, and what no table is called, and is empty then', () => {
    assert.deepEqual(enter('how many orders').ran, [[Command.ask, { question: 'how many orders' }]]);
    const { ran, set } = enter(' churn ');
    assert.deepEqual(ran, [[Command.ask, { question: 'churn' }]]);
    assert.deepEqual(set, ['']);
  });

  it('does nothing while it is empty', () => {
    assert.deepEqual(enter('').ran, []);
    assert.deepEqual(enter('   ').ran, []);
  });

  it('does not ask where asking is disabled', () => {
    assert.deepEqual(enter('how many orders', [Command.openDataset]).ran, []);
  });

  it('waits while a word is being composed', () => {
    const { ran, prevented } = enter('orders', ALL, 'Enter', true);
    assert.deepEqual(ran, []);
    assert.equal(prevented, 0);
  });

  it('is emptied by Escape and passes what is typed on', () => {
    assert.deepEqual(enter('orders', ALL, 'Escape').set, ['']);
    const set: string[] = [];
    const drawn = draw(h(FindBox, { datasets: [], typed: '', onType: (text: string) => void set.push(text) }), lakebook());
    drawn.one('searchbox').send('onChange', { target: { value: HOSTILE[1] } });
    assert.deepEqual(set, [HOSTILE[1]]);
  });

  it('goes down into the list by the arrow', () => {
    const box = new FakeElement();
    box.found = new FakeElement();
    const drawn = draw(h(FindBox, { datasets: [], typed: '', onType: () => undefined }), lakebook());
    drawn.one('searchbox').send('onKeyDown', { key: 'ArrowDown', preventDefault: () => undefined, currentTarget: box });
    assert.ok(box.found.isFocused);
  });
});

describe('what was found', () => {
  function found(typed: string, ids: readonly string[] = ALL): { given: Given; drawn: Drawn } {
    const given = lakebook(ids);
    const items = [dataset(), dataset({ dataset_id: 'c', name: 'customers', version: 1 })];
    given.queries.setQueryData(['profile', 'ds-orders', 3], profile({ columns: [column({ name: 'UnitPrice', data_type: 'DOUBLE' }), column({ name: 'order_no' })] }));
    given.queries.setQueryData(['profile', 'c', 1], profile({ columns: [column({ name: 'last_order', data_type: 'DATE' })] }));
    return { given, drawn: draw(h(Found, { datasets: items, typed }), given) };
  }

  it('are tables and columns, each under its title', () => {
    const { drawn, given } = found('order');
    assert.deepEqual(texts(drawn.byRole('heading')), ['Datasets', 'Columns']);
    assert.deepEqual(texts(drawn.one('list', 'Datasets found').byClass('lb-name')), ['orders']);
    const rows = drawn.one('list', 'Columns found').byRole('button');
    assert.deepEqual(texts(rows), ['order_noordersbigint', 'last_ordercustomersdate']);
    rows[1]?.click();
    assert.deepEqual(given.ran, [[Command.openDataset, { dataset: 'c', name: 'customers', tab: 'columns' }]]);
  });

  it('offer to ask what was typed', () => {
    const { drawn, given } = found('  how <many> ');
    const offer = drawn.byClass('lb-offer')[0];
    assert.equal(offer?.byClass('lb-name')[0]?.text, 'Ask “how <many>”');
    offer.click();
    assert.deepEqual(given.ran, [[Command.ask, { question: 'how <many>' }]]);
    assert.equal(found('x', [Command.openDataset]).drawn.byClass('lb-offer').length, 0);
  });

  it('are said to be none', () => {
    assert.match(found('zebra').drawn.text, /No table or column has this name\./);
    assert.doesNotMatch(found('price').drawn.text, /No table or column/);
  });

  it('are no more columns than one reads', () => {
    const given = lakebook(ALL);
    given.queries.setQueryData(['profile', 'ds-orders', 3], profile({ columns: Array.from({ length: 1_000 }, (_, index) => column({ name: `price_${index}` })) }));
    assert.equal(draw(h(Found, { datasets: [dataset()], typed: 'price' }), given).one('list', 'Columns found').byRole('listitem').length, 30);
  });
});
