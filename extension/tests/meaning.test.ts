import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createElement as h } from 'react';
import type { SemanticModel, SemanticSummary } from '../src/api/model.ts';
import { Problem } from '../src/api/problem.ts';
import { Meaning } from '../src/dataset/Meaning.tsx';
import { MeaningEditor } from '../src/dataset/MeaningEditor.tsx';
import { type Drawn, draw, texts } from './drawn.ts';
import { refusal, settled } from './fakes/server.ts';
import { detail, failed, type Given, HOSTILE, lakebook } from './given.ts';

const summary = (facts: Partial<SemanticSummary> = {}): SemanticSummary => ({
  model_id: 'm-1',
  name: 'shop',
  is_own: false,
  version: 2,
  datasets: ['orders'],
  metrics: ['revenue'],
  updated_at: '2026-01-10T10:00:00Z',
  user_id: 'ada',
  ...facts
});

const TEXT = 'name: shop\ndatasets:\n  - {name: orders, source: orders}\n';

function tab(models: readonly SemanticSummary[], document = TEXT): { given: Given; drawn: Drawn } {
  const given = lakebook();
  given.queries.setQueryData(['semantics', 'ds-orders'], models);
  for (const model of models) {
    const kept: SemanticModel = { ...model, document, notes: [] };
    given.queries.setQueryData(['semantics', 'model', model.model_id, model.version], kept);
  }
  return { given, drawn: draw(h(Meaning, { dataset: detail() }), given) };
}

describe('what a table’s words mean', () => {
  it('is not said at first, and a draft is offered', async () => {
    const { given, drawn } = tab([]);
    assert.match(drawn.text, /^Nothing says yet what people’s words mean/);
    given.server.on('GET datasets/ds-orders/semantics', { name: 'orders', format: 'yaml', document: TEXT });
    drawn.one('button', 'Propose a draft').click();
    await settled();
    assert.deepEqual(given.server.lines, ['GET /lakebook/api/v1/datasets/ds-orders/semantics']);
  });

  it('is a file that can be changed', () => {
    const { drawn } = tab([summary()]);
    const area = drawn.one('textarea', 'Semantic model');
    assert.equal(area.text, TEXT);
    assert.ok(!('readonly' in area.attributes));
    assert.ok('disabled' in drawn.one('button', 'Save').attributes, 'once it is changed and checked');
    assert.deepEqual(texts(drawn.byRole('button')), ['Save', 'Delete', 'Propose a draft']);
    assert.equal(drawn.byRole('combobox').length, 0);
  });

  it('may be said by several models, one’s own words among them', () => {
    const { drawn } = tab([summary({ name: HOSTILE[4] ?? '' }), summary({ model_id: 'm-2', name: 'own words', is_own: true })]);
    assert.deepEqual(texts(drawn.one('combobox', 'Semantic model').byRole('option')), [HOSTILE[4], 'own words (yours alone)']);
  });

  it('is shown only where it is one’s own words', () => {
    const { drawn } = tab([summary({ is_own: true })]);
    assert.ok('readonly' in drawn.one('textarea').attributes);
    assert.equal(drawn.byRole('button', 'Save').length, 0);
  });

  it('shows hostile text as text', () => {
    for (const text of HOSTILE) {
      const { drawn } = tab([summary()], text);
      assert.equal(drawn.one('textarea').text, text);
      assert.equal(drawn.all.filter(node => node.tag === 'img').length, 0);
    }
  });

  it('says what it waits for and what went wrong', async () => {
    assert.equal(draw(h(Meaning, { dataset: detail() }), lakebook()).one('status').text, 'Reading what its words mean…');
    const given = lakebook();
    await failed(given, ['semantics', 'ds-orders'], new Problem('The server cannot be reached.', 'x', '', ''));
    assert.match(draw(h(Meaning, { dataset: detail() }), given).one('alert').text, /cannot be reached/);
  });
});

describe('a draft', () => {
  function draft(): { given: Given; drawn: Drawn; kept: string[] } {
    const given = lakebook();
    const kept: string[] = [];
    const shown = h(MeaningEditor, {
      document: TEXT,
      isDraft: true,
      onKept: () => Promise.resolve(void kept.push('kept')),
      onLeave: () => void kept.push('left')
    });
    return { given, kept, drawn: draw(shown, given) };
  }

  it('is accepted or left', async () => {
    const { given, drawn, kept } = draft();
    given.server.on('POST semantics', { name: 'shop', kept: true });
    drawn.one('button', 'Accept').click();
    await settled();
    drawn.one('button', 'Leave it').click();
    assert.deepEqual(kept, ['kept', 'left']);
    assert.deepEqual(given.server.asked[0]?.body, { document: TEXT, check: false });
  });

  it('that is refused is not kept', async () => {
    const { given, drawn, kept } = draft();
    given.server.on('POST semantics', refusal('Line 3: no column.'), 422);
    drawn.one('button', 'Accept').click();
    await settled();
    assert.deepEqual(kept, []);
  });
});
