import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createElement as h } from 'react';
import { Problem } from '../src/api/problem.ts';
import type { DatasetDetail } from '../src/api/model.ts';
import { DatasetPage } from '../src/dataset/DatasetPage.tsx';
import { DatasetWidget } from '../src/dataset/widget.tsx';
import { Command } from '../src/tokens.ts';
import { type Drawn, draw, drawWidget, texts } from './drawn.ts';
import { column, detail, failed, HOSTILE, lakebook, profile } from './given.ts';

const ACTIONS = [Command.ask, Command.trainModel, Command.insertSql, Command.renameDataset, Command.deleteDataset];

function pageOf(facts: Partial<DatasetDetail> = {}, tab = 'preview', commands: readonly string[] = ACTIONS): { drawn: Drawn; given: ReturnType<typeof lakebook> } {
  const given = lakebook(commands);
  const shown = detail(facts);
  given.queries.setQueryData(['dataset', shown.dataset_id], shown);
  return { given, drawn: draw(h(DatasetPage, { id: shown.dataset_id, tab, onName: () => undefined }), given) };
}

describe('the head of a table’s page', () => {
  it('says rows, columns, duplicates and quality', () => {
    const { drawn } = pageOf();
    const article = drawn.one('article', 'orders');
    assert.equal(article.one('heading', 'orders').attributes['dir'], 'auto');
    assert.equal(article.byClass('lb-headline')[0]?.text, '541,909 rows · 8 columns · 5,268 duplicate rows · quality .83');
  });

  it('says one of each as one, and nothing of what was not profiled', () => {
    const { drawn } = pageOf({ row_count: 1, column_count: 1, profile: null, quality_score: null });
    assert.equal(drawn.byClass('lb-headline')[0]?.text, '1 row · 1 column');
  });

  it('runs each action on the table that is shown', () => {
    const { drawn, given } = pageOf({ layer: 'gold' });
    const buttons = drawn.byClass('lb-actions')[0]?.byRole('button') ?? [];
    assert.deepEqual(texts(buttons), ['Ask', 'Train', 'Open SQL cell', 'Rename', 'Delete']);
    buttons.forEach(button => button.click());
    assert.deepEqual(given.ran, ACTIONS.map(id => [id, { dataset: 'ds-orders', name: 'orders', layer: 'gold' }]));
  });

  it('hides the actions of features that are disabled', () => {
    const { drawn } = pageOf({}, 'preview', [Command.insertSql]);
    assert.deepEqual(texts(drawn.byClass('lb-actions')[0]?.byRole('button') ?? []), ['Open SQL cell']);
  });

  it('shows hostile names as they are', () => {
    for (const name of HOSTILE) {
      const { drawn } = pageOf({ name, profile: profile({ columns: [column({ name, label: name })] }), preview: [{ [name]: name }] });
      assert.equal(drawn.one('heading').text, name);
      assert.equal(drawn.one('heading').attributes['title'], name);
      assert.equal(drawn.one('columnheader').byClass('lb-head-name')[0]?.spoken, name);
      assert.equal(drawn.all.filter(node => node.tag === 'img').length, 0);
    }
  });
});

describe('a table’s page before and instead of the table', () => {
  it('says in words what it waits for', () => {
    const drawn = draw(h(DatasetPage, { id: 'x', tab: 'preview', onName: () => undefined }), lakebook());
    assert.equal(drawn.one('status').text, 'Reading the table’s profile…');
  });

  it('says what went wrong and offers to try again', async () => {
    const given = lakebook();
    await failed(given, ['dataset', 'x'], new Problem('There is no such table.', 'not_found', 'It may be deleted.', 'r-3'));
    const drawn = draw(h(DatasetPage, { id: 'x', tab: 'preview', onName: () => undefined }), given);
    assert.match(drawn.one('alert').text, /^There is no such table\.It may be deleted\./);
    given.server.on('GET datasets/x', detail({ dataset_id: 'x' }));
    drawn.one('button', 'Try again').click();
    assert.equal(given.queries.isFetching(), 1);
    await given.queries.cancelQueries();
  });

  it('is a widget named after its table', () => {
    const given = lakebook(ACTIONS);
    given.queries.setQueryData(['dataset', 'ds-orders'], detail());
    const widget = new DatasetWidget(given, 'ds-orders', 'orders', 'issues');
    assert.equal(widget.title.label, 'orders');
    assert.equal(widget.title.caption, 'lakebook: orders');
    assert.equal(widget.title.closable, true);
    assert.equal(drawWidget(widget).byRole('tab').find(tab => tab.attributes['aria-selected'] === 'true')?.attributes['data-tab'], 'issues');
  });
});

describe('the tabs of a table’s page', () => {
  it('are six, with the count of issues', () => {
    const issue = { issue_id: 'nulls:a', column: 'a', issue_type: 'nulls', severity: 'low', description: 'x', count: 1, fix: null } as const;
    const { drawn } = pageOf({ profile: profile({ issues: Array.from({ length: 1_204 }, () => issue) }) });
    assert.deepEqual(texts(drawn.one('tablist', 'Views of orders').byRole('tab')), ['Preview', 'Columns', 'Issues 1,204', 'Meaning', 'Answers', 'Versions', 'Lineage']);
  });

  it('show versions with ages, the exact time and the other values on hover', () => {
    const time = new Date(Date.now() - 3 * 3_600_000).toISOString();
    const versions = [{ version: 3, created_at: time, row_count: 541_909, column_count: 8, size_bytes: null, source: '<b>.csv', user_id: 'ada' }];
    const { drawn } = pageOf({ versions }, 'versions');
    const table = drawn.one('region', 'Versions').one('table');
    assert.deepEqual(texts(table.byRole('columnheader')), ['Version', 'Loaded', 'Rows', 'Columns', 'Bytes', 'Source', 'By', 'What can be done']);
    const cells = table.byRole('cell');
    assert.deepEqual(texts(cells), ['3', '3h', '541,909', '8', '', '<b>.csv', 'ada', 'shown now']);
    assert.match(cells[1]?.attributes['title'] ?? '', /\d\d:\d\d:\d\d/);
    assert.deepEqual(cells.map(cell => cell.attributes['class'] === 'lb-mod-number'), [true, false, true, true, false, false, false, false]);
  });

  it('say so where nothing is recorded', () => {
    assert.equal(pageOf({}, 'versions').drawn.one('tabpanel').text, 'No version is recorded.');
    assert.equal(pageOf({ lineage: [] }, 'lineage').drawn.one('tabpanel').text, 'Nothing is recorded of its origin.');
  });

  it('survive a table without profile, rows, versions and lineage', () => {
    const bare = { profile: null, preview: undefined, versions: undefined, lineage: undefined } as unknown as Partial<DatasetDetail>;
    for (const tab of ['preview', 'columns', 'issues', 'versions', 'lineage']) {
      assert.notEqual(pageOf({ ...bare, row_count: 0 }, tab).drawn.one('tabpanel').text, '', tab);
    }
  });
});

describe('the issues of a table', () => {
  it('come worst first, then as the server ranks them', () => {
    const issues = [
      { issue_id: 'x:a', column: 'a', issue_type: 'x', severity: 'low', description: 'little', count: 900, fix: null },
      { issue_id: 'x', column: '', issue_type: 'x', severity: 'high', description: 'bad', count: 1, fix: null },
      { issue_id: 'x:c', column: 'c', issue_type: 'x', severity: 'medium', description: 'so', count: 0, fix: null },
      { issue_id: 'x:d', column: 'd', issue_type: 'x', severity: 'high', description: 'worse', count: 5_268, fix: null }
    ] as const;
    const list = pageOf({ profile: profile({ issues: [...issues] }) }, 'issues').drawn.one('list', 'Issues, worst first');
    assert.deepEqual(texts(list.byRole('listitem')), ['highbad1 rowAcceptIgnore', 'highd: worse5,268 rowsAcceptIgnore', 'mediumc: soAcceptIgnore', 'lowa: little900 rowsAcceptIgnore']);
    assert.deepEqual(issues.map(issue => issue.description), ['little', 'bad', 'so', 'worse'], 'what was given stays as it was');
  });

  it('have a button for the cell that mends them, where there is one and cells can be written', () => {
    const issues = [
      { issue_id: 'x:a', column: 'a', issue_type: 'x', severity: 'high', description: 'mended', count: 1, fix: 'import lakebook\nclean' },
      { issue_id: 'x:b', column: 'b', issue_type: 'x', severity: 'low', description: 'not mended', count: 1, fix: null }
    ] as const;
    const shown = { profile: profile({ issues: [...issues] }) };
    const { drawn, given } = pageOf(shown, 'issues', [Command.insertCell]);
    const [mended, other] = drawn.one('list', 'Issues, worst first').byRole('listitem');
    assert.equal(mended?.one('button', 'Insert cell').attributes['title'], 'Writes a cell that mends this: mended');
    mended.one('button', 'Insert cell').click();
    assert.deepEqual(given.ran, [[Command.insertCell, { source: issues[0].fix }]]);
    assert.deepEqual(texts(other?.byRole('button') ?? []), ['Accept', 'Ignore']);
    assert.deepEqual(texts(pageOf(shown, 'issues', []).drawn.one('list', 'Issues, worst first').byRole('button')), ['Accept', 'Ignore', 'Accept', 'Ignore']);
  });

  it('show the parts of the score as a sum', () => {
    const { drawn } = pageOf({ profile: profile({ quality_score: 0.83, score_parts: [['nulls', 0.12], ['duplicates', -0.05]] }) }, 'issues');
    assert.equal(drawn.all.find(node => node.tag === 'summary')?.text, 'Score .83');
    assert.deepEqual(texts(drawn.byRole('cell')), ['1.00', '−0.120', '−0.050']);
  });

  it('say so where there are none', () => {
    assert.match(pageOf({}, 'issues').drawn.one('tabpanel').text, /Nothing was found that would spoil an answer\./);
  });
});
