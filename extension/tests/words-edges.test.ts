import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { kindOf } from '../src/dataset/types.ts';
import { argument, identifier, loadsMagics, openCell, sqlCell, trainCell } from '../src/words/cells.ts';
import { bytes, cell, count, figure, grade, groupDigits, percent, plural, score, short } from '../src/words/numbers.ts';
import { isQuestion, matches } from '../src/words/questions.ts';
import { ago, duration, exact } from '../src/words/times.ts';
import { HOSTILE } from './given.ts';

describe('numbers at their edges', () => {
  it('shorten to no more than three figures and never to a thousand of a unit', () => {
    const pairs: [number, string][] = [
      [1_000, '1k'], [9_949, '9.9k'], [9_999, '10k'], [99_949, '99.9k'], [99_950, '100k'], [999_499, '999k'],
      [999_500, '1m'], [999_999, '1m'], [999_999_999, '1b'], [12_345_678_901, '12.3b'], [9e15, '9000000b']
    ];
    for (const [value, words] of pairs) {
      assert.equal(short(value), words, String(value));
    }
    for (let value = 1; value < 1e12; value = Math.ceil(value * 1.37)) {
      assert.match(short(value), /^(\d{1,3}|\d\.\d|\d\d\.\d)[kmb]?$/, String(value));
    }
  });

  it('grow as what they stand for grows', () => {
    const size = (words: string): number => parseFloat(words) * ({ k: 1e3, m: 1e6, b: 1e9 }[words.slice(-1)] ?? 1);
    for (let value = 1; value < 1e11; value = Math.ceil(value * 1.09)) {
      assert.ok(Math.abs(size(short(value)) - value) <= value * 0.05, `${value} as ${short(value)}`);
      assert.ok(size(short(value)) <= size(short(Math.ceil(value * 1.09))), String(value));
    }
  });

  it('say bytes in the unit that fits', () => {
    const pairs: [number, string][] = [
      [0, '0 B'], [999, '999 B'], [1_000, '1 kB'], [999_499, '999 kB'], [999_500, '1 MB'], [999_999_999, '1 GB'], [1.5e12, '1500 GB']
    ];
    for (const [value, words] of pairs) {
      assert.equal(bytes(value), words, String(value));
    }
  });

  it('say shares between nothing and all', () => {
    assert.deepEqual([0.05, 0.0999, 0.1, 50, 99.95, 99.999].map(percent), ['<0.1 %', '<0.1 %', '0.1 %', '50 %', '99.9 %', '99.9 %']);
  });

  it('grade at the borders', () => {
    assert.deepEqual([1, 0.9, 0.8999, 0.7, 0.6999, 0].map(grade), ['good', 'good', 'fair', 'fair', 'poor', 'poor']);
    assert.deepEqual([0.899, 0.9, 0.07, 0.57, 0.58].map(score), ['.89', '.90', '.07', '.57', '.58']);
  });

  it('count huge numbers, less than nothing, and many of an odd word', () => {
    assert.equal(count(Number.MAX_SAFE_INTEGER), '9,007,199,254,740,991');
    assert.equal(count(-1_234), '-1,234');
    assert.equal(plural(0, 'row'), '0 rows');
    assert.equal(plural(2, 'entry', 'entries'), '2 entries');
  });

  it('keep what is no number as it is', () => {
    for (const text of ['', '-', '1e9', '1,234', '0x10', '1.', '.5', 'NaN', ...HOSTILE]) {
      assert.equal(groupDigits(text), text);
      assert.equal(cell(text, 'VARCHAR', 'x'), text);
    }
    assert.equal(groupDigits('+1234567'), '+1,234,567');
    assert.equal(groupDigits('007'), '007');
    assert.equal(groupDigits('1234'), '1,234');
  });

  it('show values of every kind', () => {
    assert.equal(cell(0.1), '0.1');
    assert.equal(cell(1_234_567.891), '1,234,567.891');
    assert.equal(cell(1e-9), '1e-9');
    assert.equal(cell(false), 'false');
    assert.equal(cell([1, null, 'a']), '[1,null,"a"]');
    assert.equal(cell('12345678901234567890', 'HUGEINT', 'population'), '12,345,678,901,234,567,890');
    assert.equal(cell('2011-12-09T12:50:00+00:00', 'TIMESTAMP WITH TIME ZONE'), '2011-12-09 12:50:00+00:00');
  });

  it('say a statistic in six figures', () => {
    assert.deepEqual([1 / 3, 123_456_789, 0, -0.000_012_345_67].map(figure), ['0.333333', '123,457,000', '0', '-0.0000123457']);
    assert.equal(figure(null), 'null');
    assert.equal(figure(true), 'true');
  });
});

describe('times at their edges', () => {
  const now = Date.parse('2026-01-10T12:00:00Z');
  const before = (seconds: number): string => new Date(now - seconds * 1000).toISOString();

  it('change unit when it is full', () => {
    const pairs: [number, string][] = [
      [59, 'now'], [60, '1m'], [3_599, '59m'], [3_600, '1h'], [86_399, '23h'], [86_400, '1d'], [86_400 * 30, '1mo'], [86_400 * 365, '1y']
    ];
    for (const [seconds, words] of pairs) {
      assert.equal(ago(before(seconds), now), words);
    }
  });

  it('take a clock that is ahead for now', () => {
    assert.equal(ago(before(-90), now), 'now');
  });

  it('say nothing of what is no time', () => {
    assert.equal(ago('yesterday', now), '');
    for (const text of HOSTILE) {
      assert.equal(exact(text), text);
    }
  });

  it('last as people say it, without 60 of anything', () => {
    const pairs: [number, string][] = [
      [0, '0 ms'], [0.4, '0 ms'], [999.4, '999 ms'], [999.7, '1 s'], [1_000, '1 s'], [9_990, '10 s'], [59_499, '59 s'],
      [59_700, '1 min 0 s'], [60_000, '1 min 0 s'], [3_599_600, '1 h 0 min'], [90_000_000, '25 h 0 min']
    ];
    for (const [ms, words] of pairs) {
      assert.equal(duration(ms), words, String(ms));
    }
  });
});

describe('cells of hostile names', () => {
  const unquoted = (sql: string): string => sql.replace(/"(?:[^"]|"")*"/g, '');

  it('keep a name inside its quotes', () => {
    for (const name of [...HOSTILE.filter(text => /[^a-z_]/.test(text)), 'a"; DROP TABLE b; --', '""', '"', 'Café', '1st', '']) {
      assert.equal(unquoted(openCell('bronze', name)), openCell('bronze', 'x').replace('x', ''), name);
    }
  });

  it('quote the words that the database keeps for itself', () => {
    for (const word of ['order', 'group', 'table', 'select', 'left', 'column', 'all', 'end']) {
      assert.equal(identifier(word), `"${word}"`);
    }
    assert.deepEqual(['orders', 'grouped', 'date', 'name', 'year'].map(identifier), ['orders', 'grouped', 'date', 'name', 'year']);
  });

  it('keep an argument one argument', () => {
    for (const text of HOSTILE) {
      const made = argument(text);
      const inner = /^'([\s\S]*)'$/.exec(made)?.[1];
      assert.equal(inner?.replace(/\\(.)/g, '$1') ?? made, text);
      assert.doesNotMatch((inner ?? '').replace(/\\./g, ''), /'/);
    }
    assert.equal(argument(''), "''");
    assert.equal(argument('a\\'), "'a\\\\'");
    assert.equal(trainCell('my table', "it's"), "%train 'my table' --target 'it\\'s'");
  });

  it('start with the magic and nothing before it', () => {
    assert.equal(sqlCell('\n\n  SELECT 1;\n'), '%%sql\nSELECT 1;');
    assert.ok(openCell('silver', 'x').startsWith('%%sql\n'));
  });

  it('see the magics loaded only by a line of their own', () => {
    assert.ok(loadsMagics(['', 'x = 1\n  %reload_ext lakebook']));
    assert.ok(!loadsMagics(['# %load_ext lakebook', 'print("%load_ext lakebook")']));
    assert.ok(!loadsMagics([]));
  });
});

describe('types and questions', () => {
  it('have a word and a sign', () => {
    const pairs: [string, string, string][] = [
      ['BIGINT', '#', 'integer'], ['UTINYINT', '#', 'integer'], ['INTEGER', '#', 'integer'], ['int64', '#', 'integer'],
      ['DOUBLE', '.0', 'number'], ['DECIMAL(18,2)', '¤', 'decimal(18,2)'], ['DATE', '◷', 'date'], ['TIMESTAMP', '◷', 'timestamp'],
      ['BOOLEAN', '?', 'yes or no'], ['VARCHAR', 'T', 'text'], ['STRUCT(a INTEGER)', '{}', 'struct(a integer)'], ['', '{}', '']
    ];
    for (const [type, sign, word] of pairs) {
      assert.deepEqual(kindOf(type), { sign, word }, type);
    }
    assert.equal(kindOf('INTERVAL').word, 'interval');
  });

  it('tell a question from a name in any language', () => {
    assert.ok(['כמה הזמנות היו השנה', 'wie viele sind es', '人口?', '  show orders  '].every(isQuestion));
    assert.ok(!['', '   ', 'מכירות', 'show', 'whatever else', 'n'.repeat(200)].some(isQuestion));
  });

  it('find every hostile name by itself and by a part of it', () => {
    for (const name of HOSTILE) {
      assert.ok(matches(name, name), name);
      assert.ok(matches(name, name.slice(0, 3)), name);
      assert.ok(!matches(name, `${name}zzz`), name);
    }
    assert.ok(matches('a.*b', '.*') && !matches('axxb', '.*'), 'no pattern is read from it');
  });
});
