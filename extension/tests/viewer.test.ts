import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createElement as h } from 'react';
import { Problem } from '../src/api/problem.ts';
import type { DatasetDetail, ViewedFile } from '../src/api/model.ts';
import { Contract } from '../src/dataset/Contract.tsx';
import { Issues } from '../src/dataset/Issues.tsx';
import { Reading } from '../src/dataset/Reading.tsx';
import { Versions } from '../src/dataset/Versions.tsx';
import { Dialect, dialectWords } from '../src/parts/Dialect.tsx';
import { Command } from '../src/tokens.ts';
import { FilePage } from '../src/viewer/FilePage.tsx';
import { LoadButton } from '../src/viewer/LoadButton.tsx';
import { type Drawn, draw, drawAlone, texts } from './drawn.ts';
import { dialogs } from './fakes/lab.ts';
import { settled } from './fakes/server.ts';
import { column, detail, failed, file, job, lakebook, profile } from './given.ts';

type Given = ReturnType<typeof lakebook>;

function fileOf(facts: Partial<ViewedFile> = {}, given: Given = lakebook([Command.openDataset])): { drawn: Drawn; given: Given } {
  const shown = file(facts);
  given.queries.setQueryData(['file', shown.path], shown);
  return { given, drawn: draw(h(FilePage, { path: shown.path }), given) };
}

describe('the page of a file', () => {
  it('says what the file is and how it is read, over its columns', () => {
    const { drawn } = fileOf();
    assert.equal(drawn.one('article', 'orders.csv').byClass('lb-headline')[0]?.text, '131 MB · 2 columns');
    assert.equal(drawn.byClass('lb-dialect')[0]?.text, 'fields parted bycommaencodingUTF-8headerfirst line');
    assert.deepEqual(drawn.byRole('columnheader').map(head => head.byClass('lb-head-name')[0]?.spoken), ['c0', 'c1']);
    assert.equal(drawn.one('table', 'orders.csv').attributes['aria-rowcount'], '1001');
  });

  it('says of which rows the summaries are, and which columns are shown', () => {
    const said = (facts: Partial<ViewedFile>): string | undefined => fileOf(facts).drawn.byClass('lb-headline')[0]?.text;
    assert.equal(said({ sampled_rows: 4_181, row_count: null }), '131 MB · 2 columns · summaries of the first 4,181 rows');
    assert.equal(said({ column_count: 5_000 }), '131 MB · 5,000 columns · the first 2 columns of 5,000 are shown');
    assert.equal(said({ sampled_rows: 0 }), '131 MB · 2 columns');
  });

  it('says so where it is too large to be arranged', () => {
    const { drawn } = fileOf({ sortable: false });
    assert.match(drawn.text, /too large to be sorted or filtered where it lies\. Load it into lakebook/);
    assert.equal(drawn.byRole('searchbox').length, 0);
  });

  it('says in words what it waits for, and what went wrong', async () => {
    const given = lakebook();
    assert.equal(draw(h(FilePage, { path: 'a.csv' }), given).one('status').text, 'Reading the first rows…');
    await failed(given, ['file', 'a.csv'], new Problem('a.csv is empty.', 'bad_file', 'Choose a file with rows.', ''));
    const drawn = draw(h(FilePage, { path: 'a.csv' }), given);
    assert.match(drawn.one('alert').text, /^a\.csv is empty\.Choose a file with rows\./);
    assert.deepEqual(texts(drawn.byRole('button')), ['Try again', 'Load into lakebook']);
  });
});

describe('the step from a file to a table', () => {
  it('loads the file by its path, and follows the load', async () => {
    const given = lakebook([Command.openDataset]);
    given.server.on('POST ingest', job({ job_id: 'j-5' }));
    draw(h(LoadButton, { path: 'data/a.csv' }), given).one('button', 'Load into lakebook').click();
    await settled();
    assert.deepEqual(given.server.asked[0]?.body, { source: 'data/a.csv' });
    assert.deepEqual(given.work.jobs.map(({ job_id: id }) => id), ['j-5']);
  });

  it('asks nothing more where the server refuses', async () => {
    const given = lakebook();
    given.server.on('POST ingest', { error: { code: 'name_taken', message: 'It is taken.', hint: '', details: {}, request_id: '' } }, 409);
    draw(h(LoadButton, { path: 'a.csv' }), given).one('button').click();
    await settled();
    assert.deepEqual(given.work.jobs, []);
  });
});

describe('how a file is read', () => {
  it('is told by what is not as usual', () => {
    const told = (facts: Record<string, unknown>): string => dialectWords({ delimiter: ',', quote: '"', header: true, ...facts }).map(pair => pair.join(' ')).join(', ');
    assert.equal(told({}), 'fields parted by comma, header first line');
    assert.equal(told({ delimiter: '\t', encoding: 'utf-16-le', decimal: ',', skipped_lines: 3 }), 'fields parted by tab, encoding UTF-16-LE, header first line, decimals after comma, lines skipped 3');
    assert.equal(told({ quote: "'", escape: '\\', header: false, delimiter: '\u0001' }), 'fields parted by \u0001, quoted by single quote, escaped by \\, header none');
    assert.equal(told({ quote: null }), 'fields parted by comma, quoted by nothing, header first line');
  });

  it('is nothing to tell of a Parquet file, and little of JSON', () => {
    assert.equal(drawAlone(h(Dialect, { dialect: { format: 'parquet' } })).all.length, 0);
    assert.equal(drawAlone(h(Dialect, { dialect: {} })).all.length, 0);
    assert.deepEqual(dialectWords({ format: 'json', encoding: 'utf-8' }), [['encoding', 'UTF-8']]);
  });

  it('stands on the table’s page, with the rows that could not be read', () => {
    const given = lakebook([Command.openDataset]);
    const report = { dialect: { delimiter: ';' }, rejected_rows: 12, rejected_table: 'orders__rejected', deviation_counts: { ragged_row: 3 } };
    const drawn = draw(h(Reading, { dataset: detail({ versions: [{ version: 3, report }, { version: 2 }] }) }), given);
    assert.match(drawn.text, /fields parted bysemicolon.*12 rows could not be read\. .*ragged row ×3/);
    drawn.one('button', 'Open rejected rows').click();
    assert.deepEqual(given.ran, [[Command.openDataset, { dataset: 'bronze.orders__rejected', name: 'orders__rejected' }]]);
    assert.equal(draw(h(Reading, { dataset: detail({ versions: [{ version: 3, report: null }] }) }), given).text, '');
  });
});

describe('the versions of a table', () => {
  const versions = [{ version: 3, row_count: 5 }, { version: 2, row_count: 1 }];
  const restored = async (accept: boolean): Promise<Given> => {
    const given = lakebook();
    given.server.on('POST datasets/ds-orders/restore', detail());
    dialogs.answers.push({ accept, value: null });
    draw(h(Versions, { dataset: detail({ versions }) }), given).one('button', 'Restore this version').click();
    await settled();
    return given;
  };

  it('can be had again after a question', async () => {
    dialogs.shown.length = 0;
    const given = await restored(true);
    assert.deepEqual(given.server.asked[0]?.body, { version: 2 });
    assert.equal(dialogs.shown[0]?.['title'], 'Restore version 2');
    assert.match(String(dialogs.shown[0]['body']), /orders gets the content of version 2 again \(1 row\), as a new version/);
    assert.deepEqual((await restored(false)).server.asked, []);
  });
});

describe('an issue of a table', () => {
  const issue = { issue_id: 'nulls:a', column: 'a', issue_type: 'nulls', severity: 'low', description: 'Some are missing.', count: 2, fix: null } as const;
  const table = (): DatasetDetail => detail({ profile: profile({ columns: [column()], issues: [issue] }) });

  it('is accepted or ignored by its id', async () => {
    for (const how of ['accept', 'ignore'] as const) {
      const given = lakebook();
      given.server.on(`POST contracts/ds-orders/${how}`, { dataset_id: 'ds-orders', name: 'orders', rules: [], ignored: [], suggested: [] });
      const button = draw(h(Issues, { dataset: table() }), given).one('button', how === 'accept' ? 'Accept' : 'Ignore');
      assert.match(button.attributes['title'] ?? '', /Some are missing\./);
      button.click();
      await settled();
      assert.deepEqual(given.server.lines[0], `POST /lakebook/api/v1/contracts/ds-orders/${how}`);
      assert.deepEqual(given.server.asked[0]?.body, { rules: ['nulls:a'] });
    }
  });

  it('stands in the contract then, and can be taken out', async () => {
    const given = lakebook();
    const rule = { rule_id: 'nulls:a', kind: 'nulls', column: 'a', description: 'a is missing in at most 2 %.' };
    given.queries.setQueryData(['contract', 'ds-orders'], { dataset_id: 'ds-orders', name: 'orders', rules: [rule], ignored: ['blanks:b'], suggested: [] });
    given.server.on('POST contracts/ds-orders/drop', { rules: [], ignored: [], suggested: [] });
    const drawn = draw(h(Contract, { dataset: 'ds-orders' }), given);
    assert.deepEqual(texts(drawn.one('list', 'Accepted').byRole('listitem')), ['a is missing in at most 2 %.Take out']);
    drawn.one('button', 'Take out').click();
    drawn.one('list', 'Ignored').one('button', 'Show again').click();
    await settled();
    assert.deepEqual(given.server.asked.map(({ body }) => body), [{ rules: ['nulls:a'] }, { rules: ['blanks:b'] }]);
  });

  it('leaves no contract to be shown where there is none', () => {
    assert.equal(draw(h(Contract, { dataset: 'x' }), lakebook()).text, '');
  });
});
