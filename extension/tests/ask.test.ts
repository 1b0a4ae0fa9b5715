import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createElement as h } from 'react';
import type { AnswerResult } from '../src/api/model.ts';
import { Answer } from '../src/ask/Answer.tsx';
import { Fault } from '../src/ask/AnswerActions.tsx';
import { AnswerTable } from '../src/ask/AnswerTable.tsx';
import { AskPage } from '../src/ask/AskPage.tsx';
import { Definition } from '../src/ask/DefineWord.tsx';
import { AskWidget } from '../src/ask/widget.tsx';
import { Command } from '../src/tokens.ts';
import { type Drawn, draw, drawAlone, drawWidget, texts } from './drawn.ts';
import { refusal, settled } from './fakes/server.ts';
import { answer, dataset, type Given, HOSTILE, lakebook } from './given.ts';

type Registry = Parameters<typeof Answer>[0]['registry'];
const registry = { mimeTypes: [] } as unknown as Registry;

function answered(facts: Partial<AnswerResult> = {}, with_registry = true, ids: readonly string[] = [Command.insertCell]): { given: Given; drawn: Drawn; asked: string[] } {
  const given = lakebook(ids);
  const asked: string[] = [];
  const shown = h(Answer, { answer: answer(facts), registry: with_registry ? registry : null, onAsk: (text: string) => void asked.push(text) });
  return { given, asked, drawn: draw(shown, given) };
}

describe('an answer', () => {
  it('says what was asked, where it is from, how it was read and what came out', () => {
    const article = answered().drawn.one('article', 'revenue by country');
    assert.equal(article.one('heading').text, 'revenue by country');
    assert.equal(article.byClass('lb-origin')[0]?.text, 'parser · 38 ms · orders v3');
    assert.equal(article.byClass('lb-reading')[0]?.text, 'revenue by Country');
    assert.equal(article.byClass('lb-sentence')[0]?.text, 'Netherlands leads with 285,446.34.');
    assert.match(article.byClass('lb-sql')[0]?.text ?? '', /^SQLSELECT Country/);
  });

  it('writes its statement into a cell', () => {
    const { given, drawn } = answered();
    drawn.one('button', 'SQL cell').click();
    assert.deepEqual(given.ran, [[Command.insertCell, { sql: answer().sql }]]);
    assert.equal(answered({}, true, []).drawn.byRole('button', 'SQL cell').length, 0, 'where there are cells to write into');
    assert.equal(answered({ sql: null }).drawn.byRole('button').length, 0, 'where there is a statement');
  });

  it('draws a chart where the Lab can, named by its sentence', () => {
    const chart = { mark: 'bar' };
    assert.equal(answered({ chart }).drawn.one('figure').name, 'Netherlands leads with 285,446.34.');
    assert.equal(answered({ chart, sentence: null, reading: null }).drawn.one('figure').name, 'Chart of the answer');
    assert.equal(answered({ chart }, false).drawn.byRole('figure').length, 0);
    assert.equal(answered().drawn.byRole('figure').length, 0);
  });

  it('says of which tables as far as it is told', () => {
    const origin = (facts: Partial<AnswerResult>): string | undefined => answered(facts).drawn.byClass('lb-origin')[0]?.text;
    assert.equal(origin({ datasets: [{ name: 'a' }, { name: 'b', version: 2 }], execution_time_ms: 1_240 }), 'parser · 1.2 s · a · b v2');
    assert.equal(origin({ datasets: [] }), 'parser · 38 ms');
    assert.equal(origin({ datasets: [], age_seconds: 90 }), 'parser · 38 ms · remembered 1 min 30 s ago');
    assert.equal(origin({ datasets: [], age_seconds: 90, stale_since: '2026-01-10T09:00:00Z' }), 'parser · 38 ms · rows of an older version');
  });

  it('shows hostile words as they are, in their own direction', () => {
    for (const text of HOSTILE) {
      const { drawn } = answered({ question: text, reading: text, sentence: text, sql: text });
      assert.equal(drawn.one('article').name, text);
      assert.equal(drawn.one('heading').attributes['dir'], 'auto');
      assert.equal(drawn.byClass('lb-sentence')[0]?.text, text);
      assert.equal(drawn.all.find(node => node.tag === 'pre')?.text, text);
      assert.equal(drawn.all.filter(node => node.tag === 'img').length, 0);
    }
  });
});

describe('what an answer takes for granted', () => {
  it('is said before its rows', () => {
    assert.match(answered({ notes: ['Last month is December 2011.'] }).drawn.text, /Last month is December 2011\./);
  });
});

describe('what can be done with an answer', () => {
  const buttons = (facts: Partial<AnswerResult> = {}): string[] => texts(answered(facts).drawn.byRole('button'));

  it('is to make a cell of it, to pin, judge, name, share and copy it', () => {
    assert.deepEqual(buttons(), ['SQL cell', 'Pin', '✓ Right', '✗ Wrong', 'Name it…', 'Share', 'Copy SQL']);
    assert.deepEqual(buttons({ source: 'sql' }), ['SQL cell', 'Pin', 'Name it…', 'Share', 'Copy SQL'], 'of a statement');
    assert.deepEqual(buttons({ query_id: '' }), ['SQL cell'], 'of one that is not kept');
  });

  it('tells the server', async () => {
    const { given, drawn } = answered();
    for (const name of ['Pin', '✓ Right', 'Share']) {
      drawn.one('button', name).click();
    }
    await settled();
    assert.deepEqual(given.server.asked.map(({ method, path, body }) => [method, path.split('/v1/')[1], body]), [
      ['POST', 'questions/q-1/pin', { off: false }],
      ['POST', 'questions/q-1/verify', { wrong: false, fault: '' }],
      ['POST', 'questions/q-1/share', { off: false }]
    ]);
  });

  it('asks what is wrong before it says so', () => {
    const { given, drawn } = answered();
    drawn.one('button', '✗ Wrong').click();
    assert.deepEqual(given.server.asked, []);
    const heard: string[] = [];
    const form = draw(h(Fault, { onSaid: (fault: string) => void heard.push(fault) }), given);
    form.one('form').send('onSubmit', { preventDefault: () => undefined });
    assert.deepEqual(heard, ['']);
    assert.equal(form.all.find(node => node.tag === 'input')?.name, 'What is wrong with the answer');
  });

  it('is the same for one that is not verified, of which no row is shown', () => {
    const { drawn } = answered({ status: 'unverified', explanation: 'The filter finds nothing.' });
    assert.equal(drawn.byClass('lb-sentence')[0]?.text, 'Not verified: The filter finds nothing.');
    assert.equal(drawn.byRole('table').length, 0);
    assert.ok('open' in (drawn.byClass('lb-sql')[0]?.attributes ?? {}));
    assert.equal(drawn.byRole('button', '✗ Wrong').length, 1);
  });
});

describe('a word that is not known', () => {
  it('can be defined where it was declined', () => {
    const declined = (words: string[]): Drawn => answered({ status: 'declined', words }).drawn;
    assert.equal(declined(['churn']).byRole('button', 'Define it…').length, 1);
    assert.equal(declined([]).byRole('button', 'Define it…').length, 0);
  });

  it('is one of those that were not understood, and means what is there', () => {
    const given = lakebook();
    given.queries.setQueryData(['meanings'], ['revenue', 'orders', 'orders.Country', ...HOSTILE]);
    const drawn = draw(h(Definition, { words: ['churn', '<b>'], onDefined: () => undefined }), given);
    assert.deepEqual(texts(drawn.one('combobox', 'Word').byRole('option')), ['churn', '<b>']);
    const values = drawn.all.filter(node => node.tag === 'option' && 'value' in node.attributes).map(node => node.attributes['value']);
    assert.deepEqual(values.slice(0, 3), ['revenue', 'orders', 'orders.Country']);
    assert.ok('disabled' in drawn.one('button', 'Define and ask again').attributes);
  });

  it('is kept, and the question is asked again; a refusal asks nothing', async () => {
    for (const status of [200, 404]) {
      const given = lakebook();
      given.queries.setQueryData(['meanings'], []);
      given.server.on('POST semantics/synonyms', status === 200 ? {} : refusal('No table, column or metric is called x.'), status);
      let again = 0;
      const drawn = draw(h(Definition, { words: ['churn'], onDefined: () => (again += 1) }), given);
      drawn.one('form').send('onSubmit', { preventDefault: () => undefined });
      await settled();
      assert.deepEqual(given.server.asked[0]?.body, { word: 'churn', means: '' });
      assert.equal(again, status === 200 ? 1 : 0);
    }
  });

  it('may be helped in one line', () => {
    assert.match(answered({ status: 'declined', help: 'Set LAKEBOOK_LLM.' }).drawn.text, /Set LAKEBOOK_LLM\.$/);
  });
});

describe('a language model that could try', () => {
  const name = 'Allow the local model and ask again';

  it('is offered where one waits to be allowed', () => {
    assert.equal(answered({ status: 'declined', offers: 'local' }).drawn.byRole('button', name).length, 1);
    assert.equal(answered({ status: 'declined', offers: null }).drawn.byRole('button', name).length, 0);
  });

  it('is allowed once, and the question is asked again; a refusal asks nothing', async () => {
    for (const status of [200, 404]) {
      const { given, drawn, asked } = answered({ status: 'declined', offers: 'local', question: 'churn?' });
      given.server.on('POST llm/allow', status === 200 ? {} : refusal('There is no local language model here.'), status);
      drawn.one('button', name).click();
      await settled();
      assert.deepEqual(given.server.asked[0]?.body, { which: 'local' });
      assert.deepEqual(asked, status === 200 ? ['churn?'] : []);
    }
  });
});

describe('an answer that is declined', () => {
  const declined = (facts: Partial<AnswerResult>): ReturnType<typeof answered> => answered({ status: 'declined', sql: 'SELECT 1', ...facts });
  const sentence = (words: string[]): string | undefined => declined({ words }).drawn.byClass('lb-sentence')[0]?.text;

  it('names the words that are not known, without an apology', () => {
    assert.equal(sentence(['churn']), 'I do not know what churn means here.');
    assert.equal(sentence(['churn', 'arpu']), 'I do not know what churn and arpu mean here.');
    assert.equal(sentence(['a', '<b>', 'c']), 'I do not know what a, <b> and c mean here.');
    assert.deepEqual(texts(declined({ words: ['churn'] }).drawn.all.filter(node => node.tag === 'strong')), ['churn']);
  });

  it('says why where no word is to blame', () => {
    const { drawn } = declined({ explanation: 'There is no table yet.' });
    assert.equal(drawn.byClass('lb-sentence')[0]?.text, 'There is no table yet.');
    assert.doesNotMatch(drawn.text, /sorry|apolog|unfortunately/i);
  });

  it('offers questions that work and shows no guess', () => {
    const { drawn, asked } = declined({ words: ['churn'], suggestions: ['how many orders', 'revenue by country'] });
    const list = drawn.one('list', 'Questions that can be answered');
    list.byRole('button')[1]?.click();
    assert.deepEqual(asked, ['revenue by country']);
    assert.equal(drawn.byRole('table').length, 0);
    assert.equal(drawn.byClass('lb-sql').length, 0);
    assert.doesNotMatch(declined({ words: ['x'] }).drawn.text, /can be answered/);
  });
});

describe('the rows of an answer', () => {
  const table = (facts: Partial<AnswerResult>): Drawn => drawAlone(h(AnswerTable, { answer: answer(facts) }));

  it('put numbers to the right and keep every decimal', () => {
    const drawn = table({ results: [{ Country: 'EIRE', revenue: '9747747.9340' }, { Country: null, revenue: null }] });
    assert.deepEqual(drawn.byRole('cell').map(cell => cell.spoken), ['EIRE', '9,747,747.9340', 'null', 'null']);
    assert.deepEqual(drawn.byRole('columnheader').map(head => [head.text, head.attributes['title'], head.attributes['class']]), [
      ['Country', 'VARCHAR', undefined],
      ['revenue', 'DECIMAL(18,2)', 'lb-mod-number']
    ]);
    assert.equal(drawn.one('region', 'Rows of the answer').attributes['tabindex'], '0');
  });

  it('are no more than one reads, and say so', () => {
    const results = Array.from({ length: 1_234 }, (_, index) => ({ Country: String(index) }));
    const all = table({ results });
    assert.equal(all.byRole('cell').length, 400);
    assert.equal(all.byClass('lb-quiet').at(-1)?.text, 'The first 200 of 1,234 rows.');
    assert.equal(table({ results: results.slice(0, 200) }).byClass('lb-quiet').length, 0);
    assert.equal(table({ results: results.slice(0, 50), truncated: true }).byClass('lb-quiet')[0]?.text, 'The first 50 rows; the question has more.');
  });

  it('may be none, of no columns', () => {
    assert.equal(table({ columns: [], results: [] }).byRole('cell').length, 0);
  });

  it('have heads and cells of hostile names', () => {
    const columns = HOSTILE.map(name => ({ name, type: 'VARCHAR' }));
    const row = JSON.parse(JSON.stringify(Object.fromEntries(HOSTILE.map(name => [name, name])))) as Record<string, unknown>;
    const drawn = table({ columns, results: [row] });
    assert.deepEqual(texts(drawn.byRole('columnheader')), HOSTILE);
    assert.deepEqual(texts(drawn.byRole('cell')), HOSTILE);
  });
});

describe('the page where one asks', () => {
  function page(): { given: Given; drawn: Drawn } {
    const given = lakebook();
    given.queries.setQueryData(['datasets'], [dataset(), dataset({ dataset_id: 'x', name: HOSTILE[4] ?? '' })]);
    return { given, drawn: draw(h(AskPage, { asked: { serial: 0, question: '', dataset: '' }, registry: null }), given) };
  }

  it('has a box, the tables and a button that waits for words', () => {
    const { drawn } = page();
    assert.equal(drawn.all.find(node => node.tag === 'input')?.name, 'Question');
    const choice = drawn.one('combobox', 'Table that the question is about');
    assert.deepEqual(texts(choice.byRole('option')), ['any table', 'orders', HOSTILE[4]]);
    assert.ok('disabled' in drawn.one('button', 'Ask').attributes);
    assert.match(drawn.byClass('lb-answers')[0]?.text ?? '', /^Counts, sums, averages/);
    assert.equal(drawn.byClass('lb-answers')[0]?.attributes['aria-live'], 'polite');
  });

  it('asks nothing while nothing is typed', async () => {
    const { given, drawn } = page();
    let prevented = 0;
    drawn.one('form').send('onSubmit', { preventDefault: () => (prevented += 1) });
    await settled();
    assert.equal(prevented, 1);
    assert.deepEqual(given.server.asked, []);
  });

  it('is a widget that is drawn again for each question, the same one too', () => {
    const widget = new AskWidget(page().given, null);
    const updates = (): number => (widget as unknown as { updates: number }).updates;
    assert.equal(widget.title.label, 'Ask');
    widget.ask('how many orders', '');
    widget.ask('how many orders', '');
    assert.equal(updates(), 2);
    assert.equal(drawWidget(widget).byRole('form').length, 1);
  });
});
