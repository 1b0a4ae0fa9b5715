import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createElement as h } from 'react';
import type { Measured } from '../src/api/model.ts';
import { Problem } from '../src/api/problem.ts';
import { Answers } from '../src/dataset/Answers.tsx';
import { type Drawn, draw, texts } from './drawn.ts';
import { settled } from './fakes/server.ts';
import { detail, failed, HOSTILE, job, lakebook } from './given.ts';

type Given = ReturnType<typeof lakebook>;

const measured = (facts: Partial<Measured> = {}): Measured => ({
  kind: 'selftest',
  datasets: ['orders'],
  asked: 60,
  answered: 58,
  right: 26,
  wrong: 0,
  coverage: null,
  precision: null,
  created_at: '2026-11-21T20:00:00.000000Z',
  user_id: 'ada',
  job_id: 'job-7',
  ...facts
});

function tab(made: readonly Measured[], result?: Record<string, unknown>): { drawn: Drawn; given: Given } {
  const given = lakebook();
  given.queries.setQueryData(['evaluations', 'ds-orders'], made);
  if (result) {
    given.queries.setQueryData(['job', 'job-7'], job({ job_id: 'job-7', status: 'completed', result }));
  }
  return { given, drawn: draw(h(Answers, { dataset: detail() }), given) };
}

describe('how answers fared', () => {
  it('is not known before a test, which can be started', async () => {
    const { drawn, given } = tab([]);
    assert.match(drawn.one('region', 'Answers').text, /were not tested yet/);
    given.server.on('POST ask/selftest', job({ job_id: 'job-9', verb: 'ask.selftest', status: 'queued' }));
    drawn.one('button', 'Test the answers').click();
    await settled();
    assert.deepEqual(given.server.asked[0]?.body, { dataset: 'ds-orders' });
  });

  it('is one line a measurement, the share in percent', () => {
    const { drawn } = tab([measured(), measured({ kind: 'evaluation', right: 57, wrong: 1, precision: 57 / 58 })], {});
    const rows = drawn.all.filter(({ tag }) => tag === 'tr').map(row => texts(row.all.filter(({ tag }) => tag === 'td')));
    assert.deepEqual(rows[1]?.slice(1, 7), ['self test', '60', '58', '26', '0', '']);
    assert.deepEqual(rows[2]?.slice(1, 7), ['own questions', '60', '58', '57', '1', '98.3 %']);
  });

  it('names the questions that contradict each other, hostile ones as text', () => {
    for (const text of HOSTILE) {
      const failures = [{ why: 'orders: 3 grew to 4', questions: ['how many rows', text] }];
      const { drawn } = tab([measured({ wrong: 1 })], { checks: [{ check: 'a filter never raises a count', failures }] });
      const list = drawn.one('list', 'What went wrong');
      assert.ok(list.text.includes('a filter never raises a count: orders: 3 grew to 4'));
      assert.ok(list.text.includes(text));
      assert.equal(drawn.all.filter(node => node.tag === 'img').length, 0);
    }
  });

  it('says how a wrong answer was read', () => {
    const verdicts = [
      { verdict: 'wrong', question: 'sales of mugs', reading: 'rows of orders' },
      { verdict: 'right', question: 'sales', reading: 'revenue' }
    ];
    const { drawn } = tab([measured({ kind: 'evaluation', wrong: 1 })], { verdicts });
    assert.equal(drawn.one('list', 'What went wrong').text, 'Read as: rows of orderssales of mugs');
  });

  it('says what it waits for and what went wrong', async () => {
    assert.equal(draw(h(Answers, { dataset: detail() }), lakebook()).one('status').text, 'Reading how its answers fared…');
    const given = lakebook();
    await failed(given, ['evaluations', 'ds-orders'], new Problem('The server cannot be reached.', 'x', '', ''));
    assert.match(draw(h(Answers, { dataset: detail() }), given).one('alert').text, /cannot be reached/);
  });
});
