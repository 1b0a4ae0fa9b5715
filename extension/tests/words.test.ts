import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { argument, identifier, loadsMagics, openCell, sqlCell, trainCell } from '../src/words/cells.ts';
import { cronOf, TIMETABLES, wordsOf } from '../src/words/cron.ts';
import { bytes, cell, count, figure, grade, groupDigits, isLabel, isNumeric, percent, plural, score, short } from '../src/words/numbers.ts';
import { isQuestion, matches } from '../src/words/questions.ts';
import { ago, duration, exact } from '../src/words/times.ts';

describe('numbers', () => {
  it('groups thousands', () => {
    assert.equal(count(541_909), '541,909');
    assert.equal(plural(1, 'row'), '1 row');
    assert.equal(plural(5_268, 'duplicate row'), '5,268 duplicate rows');
  });

  it('shortens as a list needs', () => {
    const pairs: [number, string][] = [[0, '0'], [12, '12'], [999, '999'], [4_372, '4.4k'], [38_570, '38.6k'], [541_909, '542k'], [1_000_000, '1m'], [2_500_000_000, '2.5b']];
    for (const [value, words] of pairs) {
      assert.equal(short(value), words);
    }
  });

  it('never rounds a score up to a better grade', () => {
    assert.equal(score(0.836), '.83');
    assert.equal(score(0.999), '.99');
    assert.equal(score(1), '1.0');
    assert.equal(score(0), '.00');
    assert.equal(score(0.29), '.29');
    assert.deepEqual([0.95, 0.9, 0.8, 0.5].map(grade), ['good', 'good', 'fair', 'poor']);
  });

  it('keeps every decimal of a number written as text', () => {
    assert.equal(groupDigits('9747747.934'), '9,747,747.934');
    assert.equal(groupDigits('-1234567.10'), '-1,234,567.10');
    assert.equal(groupDigits('12345678901234567890'), '12,345,678,901,234,567,890');
    assert.equal(groupDigits('0.000'), '0.000');
    assert.equal(groupDigits('10:30'), '10:30');
  });

  it('groups amounts and leaves names of things alone', () => {
    assert.equal(cell(285446.34, 'DOUBLE', 'revenue'), '285,446.34');
    assert.equal(cell('285446.34', 'DECIMAL(18,2)', 'revenue'), '285,446.34');
    assert.equal(cell(17850, 'BIGINT', 'CustomerID'), '17850');
    assert.equal(cell(2011, 'BIGINT', 'year'), '2011');
    assert.equal(cell('536365', 'VARCHAR', 'InvoiceNo'), '536365');
    assert.equal(cell('536365', 'VARCHAR', 'note'), '536365');
    assert.equal(cell('2011-12-09T12:50:00', 'TIMESTAMP', 'at'), '2011-12-09 12:50:00');
    assert.equal(cell('2011-12-09T12:50:00', 'VARCHAR', 'at'), '2011-12-09T12:50:00');
    assert.equal(cell(true), 'true');
    assert.equal(cell({ a: [1] }), '{"a":[1]}');
  });

  it('knows labels from amounts', () => {
    assert.ok(['id', 'customer_id', 'CustomerID', 'OrderId', 'InvoiceNo', 'postcode', 'birth year', 'Année', 'Jahr', 'invoice', 'account'].every(isLabel));
    assert.ok(!['paid', 'accounts', 'Quantity', 'revenue', 'avoid', 'piano', 'episode'].some(isLabel));
  });

  it('knows numeric types', () => {
    assert.ok(['BIGINT', 'DECIMAL(18,2)', 'double', 'HUGEINT', 'UINTEGER', 'int64'].every(isNumeric));
    assert.ok(!['VARCHAR', 'DATE', 'TIMESTAMP', 'interval', 'BOOLEAN'].some(isNumeric));
  });

  it('says shares without turning little into nothing or most into all', () => {
    assert.deepEqual([0, 0.02, 4.24, 99.97, 100].map(percent), ['0 %', '<0.1 %', '4.2 %', '99.9 %', '100 %']);
  });

  it('says bytes and statistics', () => {
    assert.deepEqual([12, 1_500, 45_200_000, 3e9].map(bytes), ['12 B', '1.5 kB', '45.2 MB', '3 GB']);
    assert.equal(figure(9.552_249_5), '9.55225');
    assert.equal(figure('2010-12-01'), '2010-12-01');
    assert.equal(figure('12345.60'), '12,345.60');
  });
});

describe('times', () => {
  const now = Date.parse('2026-01-10T12:00:00Z');

  it('says how long ago', () => {
    const pairs = [['2026-01-10T11:59:30Z', 'now'], ['2026-01-10T11:58:00Z', '2m'], ['2026-01-10T09:00:00Z', '3h'], ['2026-01-05T12:00:00Z', '5d'], ['2025-10-10T12:00:00Z', '3mo'], ['2023-01-01T00:00:00Z', '3y'], ['', '']] as const;
    for (const [time, words] of pairs) {
      assert.equal(ago(time, now), words);
    }
  });

  it('says how long it took', () => {
    assert.deepEqual([38, 1_240, 12_400, 72_000, 3_700_000].map(duration), ['38 ms', '1.2 s', '12 s', '1 min 12 s', '1 h 1 min']);
  });

  it('leaves what is no time as it is', () => {
    assert.equal(exact('soon'), 'soon');
    assert.match(exact('2026-01-10T12:00:00Z'), /10 Jan 2026/);
  });
});

describe('what is typed into the box', () => {
  it('is a question when it is a sentence', () => {
    assert.ok(['top 5 countries by revenue', 'how many orders', 'revenue?', 'average price'].every(isQuestion));
    assert.ok(!['orders', 'unit price', ' ', 'gold.sales', 'top'].some(isQuestion));
  });

  it('finds names by every word, in any case and composition', () => {
    assert.ok(matches('UnitPrice', 'price'));
    assert.ok(matches('daily_sales_by_region', 'region daily'));
    assert.ok(matches('Cafe\u0301', 'caf\u00e9'));
    assert.ok(!matches('orders', 'orders2'));
  });
});

describe('cells', () => {
  it('hold SQL under the magic', () => {
    assert.equal(sqlCell(' SELECT 1 '), '%%sql\nSELECT 1');
    assert.equal(openCell('bronze', 'orders'), '%%sql\nSELECT *\nFROM orders\nLIMIT 50');
    assert.equal(openCell('gold', 'My "own" table'), '%%sql\nSELECT *\nFROM gold."My ""own"" table"\nLIMIT 50');
  });

  it('quote what needs quotes and nothing else', () => {
    assert.equal(identifier('Orders'), '"Orders"');
    assert.equal(argument('orders'), 'orders');
    assert.equal(argument("it's"), "'it\\'s'");
    assert.equal(trainCell('passengers', 'has survived'), "%train passengers --target 'has survived'");
  });

  it('see whether the magics are loaded', () => {
    assert.ok(loadsMagics(['import os', '# first\n%load_ext lakebook']));
    assert.ok(!loadsMagics(['%load_ext lakebooks', 'print("load_ext lakebook")']));
  });
});

describe('timetables', () => {
  it('turn words into cron and back', () => {
    for (const [words, cron] of TIMETABLES) {
      assert.equal(cronOf(words), cron);
      assert.equal(wordsOf(cron), words);
    }
    assert.equal(cronOf(' */5 * * * * '), '*/5 * * * *');
    assert.equal(wordsOf('*/5 * * * *'), '*/5 * * * *');
  });
});
