import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { createElement as h } from 'react';
import type { ModelVersion, PredictResult } from '../src/api/model.ts';
import { Problem } from '../src/api/problem.ts';
import { Card } from '../src/models/Card.tsx';
import { ModelPage, shownOf } from '../src/models/ModelPage.tsx';
import { Picture } from '../src/models/Pictures.tsx';
import { Predicted } from '../src/models/Predicted.tsx';
import { type Evaluation, Quality } from '../src/models/Quality.tsx';
import { Tried } from '../src/models/Tried.tsx';
import { TryIt } from '../src/models/TryIt.tsx';
import { Versions } from '../src/models/Versions.tsx';
import { ModelWidget } from '../src/models/widget.tsx';
import { Command } from '../src/tokens.ts';
import { type Drawn, draw, drawWidget, texts } from './drawn.ts';
import { refusal, settled } from './fakes/server.ts';
import { model } from './given-model.ts';
import { failed, type Given, HOSTILE, lakebook } from './given.ts';

const registry = { mimeTypes: [], createRenderer: () => undefined } as unknown as IRenderMimeRegistry;

function page(versions: readonly ModelVersion[], version = 0, commands: readonly string[] = []): { given: Given; drawn: Drawn } {
  const given = lakebook(commands);
  given.queries.setQueryData(['models'], versions);
  return { given, drawn: draw(h(ModelPage, { name: 'survived', version, registry: null }), given) };
}

const cells = (drawn: Drawn, label: string): string[][] =>
  drawn
    .one('region', label)
    .all.filter(node => node.tag === 'tr')
    .map(row => row.children.map(child => (typeof child === 'string' ? child : child.text)));

const fact = (drawn: Drawn, name: string): string | undefined =>
  drawn.all.find(node => node.tag === 'div' && node.children.length === 2 && node.all[0]?.tag === 'dt' && node.all[0].text === name)?.all[1]?.text;

describe('the version that a model’s page shows', () => {
  const versions = [model({ version: 3, aliases: ['candidate'] }), model({ version: 2, aliases: ['champion'] }), model({ version: 1, aliases: [] })];

  it('is the one asked for, else the champion, else the newest', () => {
    assert.equal(shownOf(versions, 1)?.version, 1);
    assert.equal(shownOf(versions, 0)?.version, 2);
    assert.equal(shownOf(versions, 9)?.version, 2);
    assert.equal(shownOf([versions[2] ?? model(), model({ version: 4, aliases: [] })], 0)?.version, 1);
    assert.equal(shownOf([], 0), undefined);
  });

  it('is told in the head, and other models are left out', () => {
    const { drawn } = page([...versions, model({ name: 'other', version: 8 })]);
    const article = drawn.one('article', 'survived');
    assert.equal(article.byClass('lb-headline')[0]?.text, 'version 2 · predicts alive · learnt from passengers v1');
    assert.deepEqual(texts(article.byClass('lb-tag')), ['champion']);
    assert.equal(article.byClass('lb-sentence')[0]?.text, 'Better than the baseline.');
    assert.equal(article.byRole('tab').find(tab => /^Versions/.test(tab.text))?.text, 'Versions 3');
  });

  it('can be gone', () => {
    assert.match(page([model({ name: 'other' })]).drawn.text, /There is no model survived any more/);
  });
});

describe('the head of a model’s page', () => {
  it('writes the cell that predicts, and opens the table', () => {
    const { drawn, given } = page([model({ dataset_name: "it's" })], 0, [Command.insertCell, Command.openDataset]);
    drawn.one('button', 'Insert cell').click();
    drawn.one('button', 'Open table').click();
    assert.deepEqual(given.ran, [
      [Command.insertCell, { source: "%predict survived@2 --dataset 'it\\'s'" }],
      [Command.openDataset, { dataset: 'ds-passengers', name: "it's" }]
    ]);
  });

  it('hides what is disabled', () => {
    const { drawn } = page([model()]);
    assert.equal(drawn.byRole('button', 'Insert cell').length + drawn.byRole('button', 'Open table').length, 0);
  });

  it('shows hostile names as they are', () => {
    for (const name of HOSTILE) {
      const { drawn } = page([model({ target_column: name, dataset_name: name, verdict: name, winner: name, notes: [name] })]);
      assert.equal(drawn.byClass('lb-sentence')[0]?.text, name);
      assert.equal(drawn.all.filter(node => node.tag === 'img').length, 0);
    }
  });

  it('says what it waits for and what went wrong', async () => {
    const shown = h(ModelPage, { name: 'survived', version: 0, registry: null });
    assert.equal(draw(shown, lakebook()).one('status').text, 'Reading the model’s versions…');
    const given = lakebook();
    await failed(given, ['models'], new Problem('Not now.', 'busy', '', ''));
    given.server.on('GET models', { items: [] });
    draw(shown, given).one('button', 'Try again').click();
    await settled();
    assert.deepEqual(given.server.lines, ['GET /lakebook/api/v1/models']);
  });

  it('is a widget that turns to another version', () => {
    const given = lakebook();
    given.queries.setQueryData(['models'], [model({ version: 2 }), model({ version: 1, aliases: [] })]);
    const widget = new ModelWidget(given, null, 'survived');
    assert.match(drawWidget(widget).byClass('lb-headline')[0]?.text ?? '', /^version 2/);
    widget.turnTo(1);
    assert.match(drawWidget(widget).byClass('lb-headline')[0]?.text ?? '', /^version 1/);
    assert.equal(widget.title.label, 'survived');
  });
});

describe('a model’s card', () => {
  const card = (facts: Partial<ModelVersion> = {}): Drawn => draw(h(Card, { model: model(facts), registry: null }), lakebook());

  it('says what is predicted, on what, and how well beside the baselines', () => {
    const drawn = card();
    assert.equal(fact(drawn, 'Predicts'), 'alive, one of two classes: no, yes');
    assert.equal(fact(drawn, 'Learnt from'), 'passengers version 1: 713 rows');
    assert.equal(fact(drawn, 'AUC'), '0.87');
    assert.deepEqual(cells(drawn, 'Scores on rows never seen'), [
      ['Model', 'balanced accuracy', '95 % interval', 'Lead of the winner'],
      ['WeightedEnsemble_L2', '0.8123', '0.75 to 0.87', ''],
      ['always the same answer', '0.5', '0.5 to 0.5', '+0.31 (+0.2 to +0.4)'],
      ['a linear model', '0.82', '0.75 to 0.88', '−0.01 (−0.05 to +0.03), no better']
    ]);
  });

  it('says which rows were left out, many classes in part, and amounts as amounts', () => {
    assert.match(fact(card({ rows_dropped: 1 }), 'Learnt from') ?? '', /713 rows, 1 row without a target left out$/);
    const many = Array.from({ length: 12 }, (_, place) => place);
    assert.match(fact(card({ problem_kind: 'multiclass', classes: many }), 'Predicts') ?? '', /0, 1, 2, 3, 4, 5, 6, 7 and 4 more$/);
    assert.equal(fact(card({ problem_kind: 'regression', classes: [] }), 'Predicts'), 'alive, an amount');
  });

  it('says what to know before using it, and nothing where there is nothing', () => {
    assert.equal(card().byRole('list', 'What to know before using it').length, 0);
    const drawn = card({ notes: ['AutoGluon is not installed.'], excluded: [{ column: 'alive_2', reason: 'is a copy of the target' }] });
    assert.deepEqual(texts(drawn.one('list', 'What to know before using it').byRole('listitem')), ['AutoGluon is not installed.', 'Does not read alive_2: it is a copy of the target.']);
  });
});

describe('a model’s pictures', () => {
  it('are drawn where there is a renderer and the server has them', () => {
    const given = lakebook();
    const shown = (name: string, by: IRenderMimeRegistry | null): Drawn => draw(h(Picture, { model: model(), name, registry: by }), given);
    assert.equal(shown('scores', registry).all.length, 0);
    given.queries.setQueryData(['card', 'm-1'], { pictures: [{ name: 'scores', says: 'accuracy beside the baselines', spec: {} }] });
    assert.equal(shown('scores', registry).one('figure').attributes['aria-label'], 'accuracy beside the baselines');
    assert.equal(shown('curve', registry).all.length, 0);
    assert.equal(shown('scores', null).all.length, 0);
  });
});

describe('what was tried', () => {
  it('is a leaderboard, the unscored without a score', () => {
    const drawn = draw(h(Tried, { model: model(), registry: null }), lakebook());
    assert.deepEqual(cells(drawn, 'Models that were tried').slice(1), [['WeightedEnsemble_L2', '0.83', '100 ms'], ['HistGradientBoosting', '', '1.5 s']]);
    assert.match(drawn.text, /2 models in 41 s of 1 min 0 s allowed/);
  });
});

describe('the versions of a model', () => {
  it('stand newest first, and another one can be shown', () => {
    const shown: number[] = [];
    const versions = [model({ version: 3, aliases: [] }), model({ version: 2, baselines: [] })];
    const drawn = draw(h(Versions, { versions, shown: versions[0] ?? model(), onShow: version => void shown.push(version) }), lakebook());
    const [, newest, older] = cells(drawn, 'Versions');
    assert.deepEqual([newest?.[0], newest?.[1], newest?.[4], newest?.[6]], ['v3', '', '0.82', 'shown nowPromote…']);
    assert.deepEqual([older?.[0], older?.[1], older?.[4]], ['v2', 'champion', '']);
    drawn.one('button', 'Show').click();
    assert.deepEqual(shown, [2]);
  });
});

const EVALUATION = {
  confusion: { labels: ['no', 'yes'], counts: [[95, 15], [20, 48]] },
  residuals: [0.05, 0.25, 0.5, 0.75, 0.95].map(share => ({ share, value: (share - 0.5) * 10 })),
  calibration: [{ low: 0.5, high: 0.6, rows: 1_200, predicted: 0.55, observed: 0.5 }],
  importance: [{ column: 'age', loss: -0.002, interval: [-0.01, 0.01] }, { column: 'sex', loss: 0.17, interval: [0.1, 0.2] }],
  importance_rows: 178
} as unknown as Evaluation;

describe('the quality of a model', () => {
  const quality = (evaluation: Evaluation | null): Drawn => draw(h(Quality, { model: model({ evaluation }), registry: null }), lakebook());

  it('was not kept for older versions', () => {
    assert.match(quality(null).text, /^This version was trained before/);
  });

  it('says where it errs and what it goes by, in words and numbers', () => {
    const drawn = quality(EVALUATION);
    assert.match(drawn.text, /Most often it says no where yes is true: 20 of 68 rows\./);
    assert.deepEqual(cells(drawn, 'Confusion matrix'), [['true ↓ predicted →', 'no', 'yes'], ['no', '95', '15'], ['yes', '20', '48']]);
    assert.match(drawn.text, /The truth differs from the predicted alive in half of the rows by −2\.5 to 2\.5, nine of ten by −4\.5 to 4\.5\./);
    assert.deepEqual(cells(drawn, 'Calibration')[1], ['55 %', '1,200', '50 %']);
    assert.deepEqual(cells(drawn, 'Importance').slice(1).map(row => row[0]), ['sex', 'age']);
    assert.equal(cells(drawn, 'Importance')[2]?.[1], '−0.002');
  });

  it('leaves out what was not measured, and says when there was no mistake', () => {
    const drawn = quality({ importance_rows: 0, confusion: { labels: ['no', 'yes'], counts: [[3, 0], [0, 0]] } });
    assert.match(drawn.text, /It made no mistake on these rows\./);
    assert.deepEqual(texts(drawn.byRole('heading')), ['Where it errs']);
    const rest = quality({ ...EVALUATION, confusion: null, residuals: [{ share: 0.5, value: 0 }] });
    assert.match(rest.text, /Truth minus prediction of alive\./);
  });
});

describe('the form to try a model', () => {
  function tried(facts: Partial<ModelVersion> = {}): { given: Given; drawn: Drawn } {
    const given = lakebook();
    return { given, drawn: draw(h(TryIt, { model: model(facts) }), given) };
  }

  it('has a field of the right kind for each feature, with the example in it', () => {
    const { drawn } = tried();
    const fields = drawn.one('form').all.filter(node => node.tag === 'input');
    assert.deepEqual(
      fields.map(({ attributes }) => [attributes['type'], attributes['step'], attributes['value']]),
      [['number', 'any', '31.5'], ['number', '1', '0'], ['text', undefined, 'Cherbourg'], ['date', undefined, '1881-04-02'], ['datetime-local', '1', '1912-04-10T12:00:00']]
    );
    assert.equal(drawn.all.filter(node => node.tag === 'label').length, 6);
    assert.deepEqual(texts(drawn.one('combobox').byRole('option')), ['missing', 'true', 'false']);
  });

  it('asks this very version with the row in its types', async () => {
    const { drawn, given } = tried({ input_example: { age: 31.5, siblings: null, paid: false, port: '' } });
    given.server.on('POST predict', refusal('No.'), 422);
    drawn.one('form').send('onSubmit', { preventDefault: () => undefined });
    await settled();
    assert.deepEqual(given.server.asked[0]?.body, {
      model: 'survived@2',
      features: { age: 31.5, siblings: null, paid: false, port: null, born: null, boarded: null },
      explain: true
    });
  });

  it('shows the first of very many fields', () => {
    const features = Array.from({ length: 1_000 }, (_, place) => ({ name: `f${place}`, type: 'number' as const }));
    const { drawn } = tried({ features, input_example: {} });
    assert.equal(drawn.all.filter(node => node.tag === 'input').length, 60);
    assert.ok(drawn.one('button', 'Show the other 940 columns'));
  });
});

describe('what a model says of a row', () => {
  const result = (facts: object, warnings: string[] = []): PredictResult =>
    ({
      model_id: 'm-1',
      name: 'survived',
      version: 2,
      prediction: null,
      confidence: null,
      predictions: [{ prediction: 'yes', confidence: 0.912, probabilities: { no: 0.088, yes: 0.912 }, ...facts }],
      warnings
    }) as unknown as PredictResult;
  const said = (facts: object, of: Partial<ModelVersion> = {}, warnings: string[] = []): Drawn =>
    draw(h(Predicted, { model: model(of), result: result(facts, warnings) }), lakebook());

  it('is a class with its probability, the likeliest first', () => {
    const drawn = said({});
    assert.equal(drawn.byClass('lb-sentence')[0]?.text, 'alive: yes · 91.2 % sure');
    assert.deepEqual(texts(drawn.one('list', 'Probabilities').byRole('listitem')), ['yes91.2 %', 'no8.8 %']);
    assert.match(drawn.text, /Said by survived version 2\.$/);
  });

  it('is an amount, grouped, without probabilities', () => {
    const drawn = said({ prediction: 1234567.89, confidence: null, probabilities: null }, { problem_kind: 'regression' });
    assert.equal(drawn.byClass('lb-sentence')[0]?.text, 'alive: 1,234,568');
    assert.equal(drawn.byRole('list').length, 0);
  });

  it('is a class that is a number, ungrouped, and warns of what the row lacks', () => {
    const drawn = said({ prediction: 12345 }, {}, ['The field age is missing.']);
    assert.match(drawn.byClass('lb-sentence')[0]?.text ?? '', /^alive: 12345 /);
    assert.deepEqual(texts(drawn.byClass('lb-doubt')), ['The field age is missing.']);
  });

  it('is nothing where no row was asked', () => {
    assert.equal(draw(h(Predicted, { model: model(), result: { ...result({}), predictions: [] } }), lakebook()).text, '');
  });
});
