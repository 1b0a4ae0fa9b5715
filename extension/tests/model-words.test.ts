import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createElement as h } from 'react';
import type { ModelVersion } from '../src/api/model.ts';
import { Facts, Part, Table } from '../src/models/Facts.tsx';
import { type FeatureField, INPUTS, rowOf, typedOf, TYPES } from '../src/models/form.ts';
import { answersWith, baselineWords, between, figures, label, metricWords, reference, signed, signedBetween } from '../src/models/words.ts';
import { drawAlone, texts } from './drawn.ts';
import { FakeServer, refusal } from './fakes/server.ts';
import { model } from './given-model.ts';
import { HOSTILE } from './given.ts';

describe('the figures of a model', () => {
  it('have four digits, and thousands grouped', () => {
    const pairs: [number, string][] = [
      [0, '0'],
      [0.812_345, '0.8123'],
      [1, '1'],
      [0.000_012_345, '0.00001235'],
      [12.345_67, '12.35'],
      [9_999.4, '9,999'],
      [12_345.678, '12,346'],
      [-0.052_5, '−0.0525'],
      [-1_234_567.8, '−1,234,568']
    ];
    for (const [value, said] of pairs) {
      assert.equal(figures(value), said);
    }
  });

  it('say differences with their sign, to three digits', () => {
    assert.deepEqual([0, 0.123_456, -0.123_456, -12.34].map(signed), ['+0', '+0.123', '−0.123', '−12.3']);
  });

  it('say spans, with signs where they are differences', () => {
    assert.equal(between([0.77, 0.881_23]), '0.77 to 0.8812');
    assert.equal(between([-4, 4]), '−4 to 4');
    assert.equal(signedBetween([-0.01, 0.2]), '−0.01 to +0.2');
  });
});

describe('the names of a model', () => {
  it('are what people call metrics and baselines; others lose their underscores', () => {
    assert.deepEqual(['roc_auc', 'rmse', 'r2', 'balanced_accuracy', 'calibration_error'].map(metricWords), ['AUC', 'RMSE', 'R²', 'balanced accuracy', 'calibration error']);
    assert.deepEqual(['constant', 'linear', 'lightgbm', 'last_year'].map(baselineWords), ['always the same answer', 'a linear model', 'LightGBM as it comes', 'last year']);
  });

  it('write classes as they are: numbers ungrouped, nothing as a sign', () => {
    assert.deepEqual([10_000, true, 'yes', null, undefined, ''].map(label), ['10000', 'true', 'yes', '∅', '∅', '']);
    for (const text of HOSTILE) {
      assert.equal(label(text), text);
    }
  });

  it('name one version as a verb takes it', () => {
    assert.equal(reference({ name: 'a b', version: 12 }), 'a b@12');
  });

  it('say what is answered with', () => {
    assert.equal(answersWith(model({ classes: [false, true] })), 'one of two classes: false, true');
    assert.equal(answersWith(model({ problem_kind: 'multiclass', classes: ['a', 'b', 'c'] })), 'one of several classes: a, b, c');
    const nine = Array.from({ length: 9 }, (_, place) => `c${place}`);
    assert.match(answersWith(model({ problem_kind: 'multiclass', classes: nine })), /c7 and 1 more$/);
    assert.equal(answersWith(model({ problem_kind: 'regression', classes: [] })), 'an amount');
  });
});

describe('the row of a form', () => {
  const one = (type: FeatureField['type'], value: unknown): { text: string | undefined; read: unknown } => {
    const of: ModelVersion = model({ features: [{ name: 'f', type }], input_example: { f: value } });
    const typed = typedOf(of);
    return { text: typed['f'], read: rowOf(of, typed)['f'] };
  };

  it('goes there and back in the feature’s type', () => {
    assert.deepEqual(one('integer', 7), { text: '7', read: 7 });
    assert.deepEqual(one('number', -1.5e-7), { text: '-1.5e-7', read: -1.5e-7 });
    assert.deepEqual(one('boolean', false), { text: 'false', read: false });
    assert.deepEqual(one('text', ' a '), { text: ' a ', read: ' a ' });
    assert.deepEqual(one('date', '2026-03-01'), { text: '2026-03-01', read: '2026-03-01' });
  });

  it('reads missing values as missing, whatever the type', () => {
    for (const type of Object.keys(TYPES) as FeatureField['type'][]) {
      assert.deepEqual(one(type, null), { text: '', read: null });
      assert.deepEqual(one(type, undefined), { text: '', read: null });
    }
  });

  it('keeps whole numbers that a double cannot hold', () => {
    assert.deepEqual(one('integer', '9007199254740993'), { text: '9007199254740993', read: '9007199254740993' });
    assert.deepEqual(one('integer', Number.MAX_SAFE_INTEGER), { text: '9007199254740991', read: 9_007_199_254_740_991 });
  });

  it('writes moments as the input for them takes them', () => {
    const written = ['2026-03-01T10:00:00Z', '2026-03-01T10:00:00.123456+02:00', '2026-03-01 10:00:00', '2026-03-01T10:00:00-0530'];
    assert.deepEqual(written.map(value => one('timestamp', value).text), Array.from({ length: 4 }, () => '2026-03-01T10:00:00'));
    assert.equal(one('date', '2026-03-01T00:00:00').text, '2026-03-01');
  });

  it('has an input and words for every type', () => {
    assert.deepEqual(Object.keys(INPUTS).sort(), Object.keys(TYPES).sort());
  });

  it('takes columns of any name', () => {
    const features = HOSTILE.map(name => ({ name, type: 'text' as const }));
    const of = model({ features, input_example: Object.fromEntries(HOSTILE.filter(name => name !== '__proto__').map(name => [name, 'x'])) });
    assert.deepEqual(Object.keys(rowOf(of, typedOf(of))).sort(), [...HOSTILE].sort());
  });
});

describe('a part of a model’s page', () => {
  it('is a region with its heading', () => {
    const drawn = drawAlone(h(Part, { title: 'Leaderboard', children: 'x' }));
    assert.equal(drawn.one('region', 'Leaderboard').one('heading').text, 'Leaderboard');
  });

  it('lists facts by name', () => {
    const drawn = drawAlone(h(Facts, { label: 'Facts', facts: [['a', '1'], ['b', HOSTILE[4]]] }));
    assert.deepEqual(texts(drawn.all.filter(node => node.tag === 'dd')), ['1', HOSTILE[4]]);
    assert.equal(drawn.all.filter(node => node.tag === 'img').length, 0);
  });

  it('has tables whose first column names the rows, which can be scrolled by keys', () => {
    const drawn = drawAlone(h(Table, { label: 'T', heads: ['Column', 'Rows'], numbers: [1], rows: [['a', '1'], ['b', '2']] }));
    assert.equal(drawn.one('region', 'T').attributes['tabindex'], '0');
    const heads = drawn.byRole('columnheader');
    assert.deepEqual(heads.map(head => head.attributes['scope']), ['col', 'col', 'row', 'row']);
    assert.deepEqual(drawn.byClass('lb-mod-number').map(node => node.text), ['Rows', '1', '2']);
  });
});

describe('the client of models', () => {
  it('asks for one version by its name, whatever is in it', async () => {
    const server = new FakeServer();
    const answered: [string, () => Promise<unknown>][] = [
      ['GET models/a%2Fb%403/card', () => server.client.modelCard('a/b@3')],
      ['POST models/a%2Fb%403/promote', () => server.client.promote('a/b@3', 'shadow', false, '')],
      ['POST models/a%2Fb%403/compare', () => server.client.compare('a/b@3', 'a/b@2')],
      ['GET models/a%2Fb%403/drift', () => server.client.drift('a/b@3')],
      ['GET models/a%2Fb%403/drift?dataset=x%26y', () => server.client.drift('a/b@3', 'x&y')],
      ['POST predict', () => server.client.predict('a/b@3', { age: 3 })]
    ];
    for (const [request, ask] of answered) {
      server.on(request, { of: request });
      assert.deepEqual(await ask(), { of: request });
    }
    assert.deepEqual(
      server.asked.map(({ body }) => body),
      [undefined, { to: 'shadow', force: false }, { other: 'a/b@2' }, undefined, undefined, { model: 'a/b@3', features: { age: 3 }, explain: true }]
    );
  });

  it('sends a reason where there is one', async () => {
    const server = new FakeServer().on('POST models/m%402/promote', {});
    await server.client.promote('m@2', 'champion', true, 'newer rows');
    assert.deepEqual(server.asked[0]?.body, { to: 'champion', force: true, reason: 'newer rows' });
  });

  it('says why a version is not promoted', async () => {
    const server = new FakeServer().on('POST models/m%402/promote', refusal('It is not better.', 'Force it.', 'conflict'), 409);
    await assert.rejects(server.client.promote('m@2', 'champion', false, ''), { code: 'conflict', message: 'It is not better.', hint: 'Force it.' });
  });
});
