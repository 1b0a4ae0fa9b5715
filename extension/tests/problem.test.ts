import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { asProblem, Problem, problemOf, unreachable } from '../src/api/problem.ts';

const body = (error: Record<string, unknown>): string => JSON.stringify({ error });

describe('an error of the server', () => {
  it('keeps message, hint, code, details and request id', () => {
    const problem = problemOf(
      409,
      body({ code: 'name_taken', message: 'A table is called orders.', hint: 'Choose another.', details: { name: 'orders' }, request_id: 'r1' })
    );
    assert.equal(problem.message, 'A table is called orders.');
    assert.equal(problem.hint, 'Choose another.');
    assert.equal(problem.code, 'name_taken');
    assert.equal(problem.requestId, 'r1');
    assert.deepEqual(problem.details, { name: 'orders' });
  });

  it('is a sentence also when the body is not ours', () => {
    for (const [status, text] of [[404, '<html>'], [403, '{"message": "Forbidden"}'], [500, ''], [502, 'null']] as const) {
      const problem = problemOf(status, text);
      assert.match(problem.message, /\.$/);
      assert.match(problem.hint, /\.$/);
    }
    assert.equal(problemOf(404, '').code, 'not_installed');
  });

  it('survives fields of the wrong kind', () => {
    const problem = problemOf(500, body({ message: 7, hint: null, details: 'x' }));
    assert.equal(problem.message, 'The server answered 500.');
    assert.equal(problem.hint, '');
    assert.deepEqual(problem.details, {});
  });
});

describe('anything thrown', () => {
  it('becomes a problem once', () => {
    const known = new Problem('Known.', 'x', '', '');
    assert.equal(asProblem(known), known);
    assert.equal(asProblem(new Error('Broken.')).message, 'Broken.');
    assert.equal(asProblem('plain').message, 'plain');
    assert.equal(unreachable().code, 'unreachable');
  });
});
