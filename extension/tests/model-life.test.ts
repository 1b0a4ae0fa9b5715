import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { createElement as h } from 'react';
import type { Comparison, Drift, ModelCard, ModelVersion, PredictResult } from '../src/api/model.ts';
import { Problem } from '../src/api/problem.ts';
import { Card } from '../src/models/Card.tsx';
import { Compare } from '../src/models/Compare.tsx';
import { DriftTab } from '../src/models/DriftTab.tsx';
import { Predicted } from '../src/models/Predicted.tsx';
import { Promote } from '../src/models/Promote.tsx';
import { Versions } from '../src/models/Versions.tsx';
import { ModelList } from '../src/panel/Models.tsx';
import { models } from '../src/plugins/models.ts';
import { notifications } from '../src/plugins/notifications.ts';
import { JobList } from '../src/panel/Jobs.tsx';
import { Command } from '../src/tokens.ts';
import { activate, press } from './app.ts';
import { type Drawn, draw, drawWidget, texts } from './drawn.ts';
import { dialogs, notified } from './fakes/lab.ts';
import { refusal, settled } from './fakes/server.ts';
import { model } from './given-model.ts';
import { failed, HOSTILE, job, lakebook } from './given.ts';

const registry = { mimeTypes: [], createRenderer: () => undefined } as unknown as IRenderMimeRegistry;

const words = (drawn: Drawn, label: string): string[][] =>
  drawn
    .one('region', label)
    .all.filter(node => node.tag === 'tr')
    .map(row => row.children.map(child => (typeof child === 'string' ? child : child.text)));

describe('a model’s page as a command', () => {
  afterEach(() => {
    notified.length = 0;
  });

  it('opens once, comes forward then, and turns to the version asked for', async () => {
    const { app, run, given } = await activate(models, [null, null]);
    given.queries.setQueryData(['models'], [model({ version: 2 }), model({ version: 1, aliases: [] })]);
    const first = (await run(Command.openModel, { model: 'survived' })) as { content: unknown };
    assert.match(drawWidget(first.content).byClass('lb-headline')[0]?.text ?? '', /^version 2/);
    assert.equal(await run(Command.openModel, { model: 'survived', version: 1 }), first);
    assert.match(drawWidget(first.content).byClass('lb-headline')[0]?.text ?? '', /^version 1/);
    assert.deepEqual(app.shell.added.map(({ widget, area }) => [widget.id, area]), [['lakebook-model-survived', 'main']]);
    assert.deepEqual(app.shell.activated, ['lakebook-model-survived', 'lakebook-model-survived']);
  });

  it('asks which model, each name once, where none is named', async () => {
    const { app, run, given } = await activate(models, [null, null]);
    given.server.on('GET models', { items: [model({ name: 'b' }), model({ name: 'a' }), model({ name: 'b', version: 1 })] });
    dialogs.answers.push({ accept: false, value: 'a' }, { accept: true, value: 'a' });
    assert.equal(await run(Command.openModel), undefined);
    assert.ok(await run(Command.openModel));
    assert.deepEqual(dialogs.shown[0]?.['items'], ['a', 'b']);
    assert.equal(app.shell.added.length, 1);
  });

  it('says what the server refuses, and that there is no model', async () => {
    const { run, given } = await activate(models, [null, null]);
    given.server.on('GET models', refusal('Not now.', 'Wait.'), 503);
    assert.equal(await run(Command.openModel), undefined);
    assert.equal(notified.at(-1)?.message, 'Not now. Wait.');
    given.server.on('GET models', { items: [] });
    dialogs.answers.push({ accept: true, value: '' });
    assert.equal(await run(Command.openModel), undefined);
    assert.match(String(dialogs.shown.at(-1)?.['label']), /no model yet/);
  });
});

describe('a training that has ended', () => {
  const trained = job({
    verb: 'train',
    job_type: 'training',
    title: 'survived',
    status: 'completed',
    updated_at: '2026-01-10T12:00:00Z',
    result: { name: 'survived', version: 3, verdict: 'Better than the baseline.', dataset_id: 'ds' }
  });

  it('says its verdict and opens the model', async () => {
    const { given } = await activate(notifications, [null], lakebook([Command.openModel]));
    given.work.put(job({ ...trained, status: 'processing', result: null, updated_at: '2026-01-10T11:00:00Z' }));
    given.work.put(trained);
    assert.equal(notified[0]?.message, 'survived v3: Better than the baseline.');
    press(notified[0], 'Open');
    assert.deepEqual(given.ran, [[Command.openModel, { model: 'survived', version: 3 }]]);
  });

  it('is opened from the list of jobs, unless models are disabled', () => {
    for (const commands of [[Command.openModel], []]) {
      const given = lakebook(commands);
      given.work.put(trained);
      const buttons = draw(h(JobList), given).byRole('button', 'Open');
      buttons.forEach(button => button.click());
      assert.deepEqual(given.ran, commands.map(id => [id, { model: 'survived', version: 3 }]));
    }
  });
});

describe('the list of models', () => {
  it('shows the alias that says most', () => {
    const given = lakebook();
    const aliases = [['candidate', 'champion'], ['candidate', 'archived'], ['own'], []];
    given.queries.setQueryData(['models'], aliases.map((names, place) => model({ model_id: `m-${place}`, aliases: names })));
    const rows = draw(h(ModelList), given).one('list', 'Models').byRole('button');
    assert.deepEqual(rows.map(row => texts(row.byClass('lb-tag'))), [['champion'], ['archived'], [], []]);
  });
});

describe('what the server says of a model', () => {
  const card: ModelCard = { reference: 'survived@2', words: '', mind: ['Weaker where port is Queenstown.'], usage: ['%predict survived@2', ...HOSTILE], pictures: [] };

  it('stands on its card: what to mind, and cells to insert', () => {
    const given = lakebook([Command.insertCell]);
    given.queries.setQueryData(['card', 'm-1'], card);
    const segments = [{ column: 'port', value: 'Queenstown', rows: 31, score: 0.61, interval: [0.4, 0.8] }];
    const evaluation = { segments, importance_rows: 0 } as unknown as ModelVersion['evaluation'];
    const drawn = draw(h(Card, { model: model({ evaluation }), registry: null }), given);
    assert.deepEqual(texts(drawn.one('list', 'What to know before using it').byRole('listitem')), card.mind);
    assert.deepEqual(words(drawn, 'Worst segments')[1], ['port is Queenstown', '31', '0.61', '0.4 to 0.8']);
    drawn.one('list', 'How to use it').byRole('button').forEach(button => button.click());
    assert.deepEqual(given.ran.map(([, args]) => args['source']), card.usage);
    assert.equal(drawn.all.filter(node => node.tag === 'img').length, 0);
  });

  it('has no buttons where there are no notebooks', () => {
    const given = lakebook();
    given.queries.setQueryData(['card', 'm-1'], card);
    assert.equal(draw(h(Card, { model: model(), registry: null }), given).byRole('button').length, 0);
  });
});

describe('two versions', () => {
  const shown = model({ model_id: 'a', version: 3, aliases: [] });
  const other = model({ model_id: 'b', version: 2 });
  const comparison: Comparison = {
    metric: 'accuracy',
    rows: 178,
    rows_from: 'the rows held out from survived@3',
    first: { reference: 'survived@3', model_id: 'a', score: 0.8, score_interval: [0.7, 0.9] },
    second: { reference: 'survived@2', model_id: 'b', score: 0.83, score_interval: [0.75, 0.9] },
    difference: 0.03,
    difference_interval: [-0.01, 0.07],
    better: null,
    words: 'No version is better beyond chance.',
    notes: ['Few rows.']
  };

  it('are compared on the same rows', () => {
    const given = lakebook();
    given.queries.setQueryData(['compared', 'a', 'b'], comparison);
    const drawn = draw(h(Compare, { shown, other }), given);
    assert.match(drawn.text, /No version is better beyond chance\./);
    assert.match(drawn.text, /Measured on the rows held out from survived@3: 178 rows\.Few rows\./);
    const [whole] = drawn.byRole('region', 'Version 2 against version 3');
    assert.deepEqual(whole?.all.filter(node => node.tag === 'tr').at(-1)?.children.map(child => (typeof child === 'string' ? child : child.text)), [
      'survived@2',
      '0.83',
      '0.75 to 0.9',
      '+0.03 (−0.01 to +0.07)'
    ]);
  });

  it('say what they wait for and why they cannot be compared', async () => {
    const waiting = lakebook();
    waiting.server.on('POST models/survived%403/compare', comparison);
    assert.equal(draw(h(Compare, { shown, other }), waiting).one('status').text, 'Both predict the same rows…');
    const refused = lakebook();
    await failed(refused, ['compared', 'a', 'b'], new Problem('They predict other things.', 'conflict', '', ''));
    assert.equal(draw(h(Compare, { shown, other }), refused).one('alert').text, 'They predict other things.');
  });

  it('have buttons for what can be done: the shown one is not compared, the champion not moved', () => {
    const drawn = draw(h(Versions, { versions: [shown, other], shown, onShow: () => undefined }), lakebook());
    const [, newest, older] = drawn.one('region', 'Versions').all.filter(node => node.tag === 'tr');
    assert.deepEqual(texts(newest?.byRole('button') ?? []), ['Promote…']);
    assert.deepEqual(texts(older?.byRole('button') ?? []), ['Show', 'Compare']);
  });
});

describe('moving a version', () => {
  it('asks the server, which says what was done', async () => {
    const given = lakebook();
    const moved: string[] = [];
    given.server.on('POST models/survived%402/promote', { words: 'survived@2 is the champion now.' });
    const drawn = draw(h(Promote, { model: model(), onMoved: said => void moved.push(said) }), given);
    assert.equal(drawn.one('form').name, 'Move version 2');
    drawn.one('form').send('onSubmit', { preventDefault: () => undefined });
    await settled();
    assert.deepEqual(given.server.asked[0]?.body, { to: 'champion', force: false });
    assert.deepEqual(moved, ['survived@2 is the champion now.']);
  });

  it('leaves everything as it is where it is refused', async () => {
    const given = lakebook();
    const moved: string[] = [];
    given.server.on('POST models/survived%402/promote', refusal('It is not better.'), 409);
    draw(h(Promote, { model: model(), onMoved: said => void moved.push(said) }), given).one('form').send('onSubmit', { preventDefault: () => undefined });
    await settled();
    assert.deepEqual([moved.length, given.server.asked.length], [0, 1]);
  });
});

describe('the drift of a model', () => {
  const column = (name: string): Drift['answer'] => ({ column: name, psi: 0.31, by_chance: 0.02, verdict: 'drifted', words: 'Japan: 10 % then, 40 % now' });
  const drift: Drift = {
    reference: 'survived@2',
    model_id: 'm-1',
    rows_from: 'what it was asked',
    rows: 4_000,
    columns: [column('country')],
    answer: column('prediction'),
    confidence: null,
    days: [],
    should_retrain: true,
    words: 'country has drifted: train again.',
    chart: { mark: 'bar' }
  };
  const tab = (given = lakebook()): Drawn => draw(h(DriftTab, { model: model(), registry }), given);

  it('is said in words, drawn, and told column by column', () => {
    const given = lakebook();
    given.queries.setQueryData(['datasets'], [{ dataset_id: 'd', name: HOSTILE[4] }]);
    given.queries.setQueryData(['drift', 'm-1', ''], drift);
    const drawn = tab(given);
    assert.equal(drawn.byClass('lb-doubt')[0]?.text, 'country has drifted: train again.');
    assert.equal(drawn.byRole('figure').length, 1);
    assert.deepEqual(words(drawn, 'Drift by column').slice(1).map(row => row.slice(0, 4)), [['prediction', '0.31', '0.02', 'drifted'], ['country', '0.31', '0.02', 'drifted']]);
    assert.deepEqual(texts(drawn.one('combobox').byRole('option')), ['what it was asked to predict', HOSTILE[4]]);
  });

  it('counts the confidence as a column, and has no table for no rows', () => {
    const given = lakebook();
    given.queries.setQueryData(['drift', 'm-1', ''], { ...drift, confidence: column('confidence') });
    assert.equal(words(tab(given), 'Drift by column').length, 4);
    given.queries.setQueryData(['drift', 'm-1', ''], { ...drift, rows: 0, chart: null, should_retrain: false });
    assert.deepEqual([tab(given).byRole('table').length, tab(given).byClass('lb-doubt').length], [0, 0]);
  });

  it('is calm where nothing was asked yet, and says other refusals', async () => {
    const asked = lakebook();
    await failed(asked, ['drift', 'm-1', ''], new Problem('It was asked nothing.', 'not_found', '', ''));
    assert.equal(tab(asked).byRole('alert').length, 0);
    assert.match(tab(asked).text, /It was asked nothing\. Choose a table/);
    const refused = lakebook();
    await failed(refused, ['drift', 'm-1', ''], new Problem('No profile.', 'conflict', '', ''));
    assert.equal(tab(refused).one('alert').text, 'No profile.');
    assert.match(tab().one('status').text, /^Holding the rows/);
  });
});

describe('an answer that is explained', () => {
  const of = (facts: object): PredictResult =>
    ({ model_id: 'm', name: 'fare', version: 1, prediction: null, confidence: null, predictions: [{ prediction: 12.5, confidence: null, probabilities: null, ...facts }], warnings: [] }) as unknown as PredictResult;

  it('has an interval and the columns that moved it most', () => {
    const contributions = Object.fromEntries(Array.from({ length: 12 }, (_, place) => [`c${place}`, place % 2 ? place : -place]));
    const drawn = draw(h(Predicted, { model: model({ problem_kind: 'regression' }), result: of({ interval: [-1.5, 20], contributions }) }), lakebook());
    assert.match(drawn.text, /−1\.5 to 20 holds nine of ten rows that it never saw\./);
    const rows = words(drawn, 'What moved the answer away from the usual row’s').slice(1);
    assert.deepEqual(rows.slice(0, 2), [['c11', '+11'], ['c10', '−10']]);
    assert.equal(rows.length, 8);
  });
});
