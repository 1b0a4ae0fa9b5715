import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createElement as h } from 'react';
import { Problem } from '../src/api/problem.ts';
import { IconButton, TextButton } from '../src/parts/buttons.tsx';
import { Cell } from '../src/parts/Cell.tsx';
import { confirmed } from '../src/parts/confirm.ts';
import { RovingList } from '../src/parts/Roving.tsx';
import { Tabs } from '../src/parts/Tabs.tsx';
import { Marked, Trouble, Waiting } from '../src/parts/Words.tsx';
import { Progress } from '../src/panel/Progress.tsx';
import { Section } from '../src/panel/Section.tsx';
import { drawAlone, texts } from './drawn.ts';
import { FakeElement } from './fakes/browser.ts';
import { dialogs, LabIcon } from './fakes/lab.ts';
import { HOSTILE } from './given.ts';

type Icon = Parameters<typeof IconButton>[0]['icon'];
const icon = new LabIcon({ name: 'sign' }) as unknown as Icon;
const nothing = (): void => undefined;
const cellOf = (value: unknown, type = 'VARCHAR'): ReturnType<typeof drawAlone> => drawAlone(h(Cell, { value, type, column: 'x' }));

describe('a cell', () => {
  it('shows a null as a sign that readers of the screen hear as a word', () => {
    for (const value of [null, undefined]) {
      const drawn = cellOf(value);
      assert.equal(drawn.spoken, 'null');
      assert.equal(drawn.text, '∅null');
    }
    assert.equal(cellOf('null').byClass('lb-null').length, 0, 'the text is not the value');
  });

  it('makes blanks at the ends visible and counts them', () => {
    const drawn = cellOf('  a b ');
    assert.equal(drawn.text, '··a b·');
    assert.deepEqual(drawn.byClass('lb-null').map(node => node.attributes['title']), ['2 blanks', '1 blank']);
    assert.equal(cellOf('   ').text, '···');
    assert.equal(cellOf('').text, '');
  });

  it('shows hostile text as text', () => {
    for (const text of HOSTILE) {
      const drawn = cellOf(text);
      assert.equal(drawn.text, text);
      assert.deepEqual(drawn.all, []);
    }
  });

  it('shows numbers, truths and structures', () => {
    assert.equal(cellOf(1_234_567, 'BIGINT').text, '1,234,567');
    assert.equal(cellOf(false, 'BOOLEAN').text, 'false');
    assert.equal(cellOf({ '<b>': 1 }, 'STRUCT').text, '{"<b>":1}');
    assert.equal(cellOf(Number.MAX_VALUE, 'DOUBLE').text.replaceAll(',', '').length, 309);
  });
});

describe('what went wrong', () => {
  it('is an alert with what happened, what to do, and the request under Details', () => {
    const drawn = drawAlone(h(Trouble, { thrown: new Problem('Cannot read line 1,204.', 'bad_row', 'Load it with `--ragged pad`.', 'r-7') }));
    const alert = drawn.one('alert');
    assert.deepEqual(texts(alert.all.filter(node => node.tag === 'p')), ['Cannot read line 1,204.', 'Load it with --ragged pad.', 'bad_row · request r-7']);
    assert.deepEqual(texts(alert.all.filter(node => node.tag === 'code')), ['--ragged pad']);
    assert.equal(alert.all.find(node => node.tag === 'summary')?.attributes['title'], 'Request r-7');
  });

  it('leaves out what is not known', () => {
    const drawn = drawAlone(h(Trouble, { thrown: new Problem('Gone.', 'gone', '', '') }));
    assert.equal(drawn.text, 'Gone.');
    assert.equal(drawn.all.filter(node => node.tag === 'details').length, 0);
  });

  it('has a sentence for anything thrown', () => {
    for (const thrown of [undefined, null, 7, {}, new Error(''), 'broken']) {
      const drawn = drawAlone(h(Trouble, { thrown }));
      assert.match(drawn.one('alert').text, /\w+/);
      assert.match(drawn.text, /Reload the page/);
    }
  });

  it('marks code and keeps markup as text', () => {
    const drawn = drawAlone(h(Marked, { text: 'See `a<b>` and <i>c</i> `open' }));
    assert.equal(drawn.text, 'See a<b> and <i>c</i> open');
    assert.deepEqual(texts(drawn.all), ['a<b>', 'open']);
  });

  it('offers what can be done', () => {
    const drawn = drawAlone(h(Trouble, { thrown: new Error('No.') }, h(TextButton, { onClick: nothing, children: 'Try again' })));
    assert.equal(drawn.one('alert').one('button').name, 'Try again');
    assert.equal(drawAlone(h(Waiting, { words: 'Reading…' })).one('status').text, 'Reading…');
  });
});

describe('buttons', () => {
  it('of an icon are named, and say their name on hover', () => {
    let clicks = 0;
    const button = drawAlone(h(IconButton, { icon, label: 'Delete a', onClick: () => (clicks += 1), pressed: true, tabIndex: -1 })).one('button');
    assert.deepEqual(
      ['type', 'aria-label', 'title', 'aria-pressed', 'tabindex'].map(name => button.attributes[name]),
      ['button', 'Delete a', 'Delete a', 'true', '-1']
    );
    button.click();
    assert.equal(clicks, 1);
  });

  it('of words never send a form', () => {
    const button = drawAlone(h(TextButton, { onClick: nothing, main: true, disabled: true, title: 'why', children: 'Ask' })).one('button', 'Ask');
    assert.equal(button.attributes['type'], 'button');
    assert.ok('disabled' in button.attributes);
    assert.match(button.attributes['class'] ?? '', /lb-mod-main/);
  });
});

describe('tabs', () => {
  const chosen: string[] = [];
  const tabs = (current: string): ReturnType<typeof drawAlone> =>
    drawAlone(
      h(Tabs, {
        label: 'Views',
        current,
        onChoose: (id: string) => void chosen.push(id),
        items: ['one', 'two', 'three'].map(id => ({ id, label: id, body: () => `body of ${id}` }))
      })
    );

  it('are one stop, tied to their panel', () => {
    const drawn = tabs('two');
    const all = drawn.one('tablist', 'Views').byRole('tab');
    const panel = drawn.one('tabpanel');
    assert.deepEqual(all.map(tab => tab.attributes['aria-selected']), ['false', 'true', 'false']);
    assert.deepEqual(all.map(tab => tab.attributes['tabindex']), ['-1', '0', '-1']);
    assert.ok(all.every(tab => tab.attributes['aria-controls'] === panel.attributes['id']));
    assert.equal(panel.attributes['aria-labelledby'], all[1]?.attributes['id']);
    assert.equal(panel.text, 'body of two');
  });

  it('fall back to the first where the name is not known', () => {
    assert.equal(tabs('none').one('tabpanel').text, 'body of one');
  });

  it('go round by the arrows and leave other keys alone', () => {
    const press = (current: string, key: string): string | undefined => {
      chosen.length = 0;
      let prevented = 0;
      tabs(current).one('tablist').send('onKeyDown', { key, preventDefault: () => (prevented += 1) });
      assert.equal(prevented, chosen.length);
      return chosen[0];
    };
    assert.deepEqual(
      [press('one', 'ArrowRight'), press('three', 'ArrowRight'), press('one', 'ArrowLeft'), press('one', 'a'), press('one', 'Tab')],
      ['two', 'one', 'three', undefined, undefined]
    );
    tabs('one').one('tab', 'three').click();
    assert.deepEqual(chosen, ['three']);
  });
});

describe('a roving list', () => {
  const list = (items: readonly string[]): ReturnType<typeof drawAlone> =>
    drawAlone(
      h(RovingList<string>, {
        label: 'Things',
        items,
        keyOf: item => item,
        row: (item, tabIndex) => h('button', { 'data-row': true, tabIndex }, item)
      })
    );

  it('is named and has one stop, the first', () => {
    const drawn = list(['a', 'b', 'c']).one('list', 'Things');
    assert.deepEqual(drawn.all.filter(node => node.tag === 'button').map(node => node.attributes['tabindex']), ['0', '-1', '-1']);
    assert.equal(drawn.byRole('listitem').length, 3);
  });

  it('takes only the keys that move', () => {
    const moved: string[] = [];
    const keys = ['ArrowDown', 'ArrowUp', 'Home', 'End', 'Enter', 'Tab', 'x'];
    for (const key of keys) {
      list(['a', 'b']).one('list').send('onKeyDown', { key, target: new FakeElement(), preventDefault: () => void moved.push(key) });
    }
    assert.deepEqual(moved, ['ArrowDown', 'ArrowUp', 'Home', 'End']);
  });

  it('leaves the keys of a box to the box', () => {
    const target: unknown = new (globalThis as unknown as { HTMLInputElement: new () => unknown }).HTMLInputElement();
    list(['a']).one('list').send('onKeyDown', { key: 'Home', target, preventDefault: () => assert.fail('taken') });
  });

  it('may be empty', () => {
    assert.equal(list([]).one('list').all.length, 0);
  });
});

describe('progress, sections and questions', () => {
  it('has a name and a value, or none where it is not known', () => {
    const bar = drawAlone(h(Progress, { label: 'orders.csv', percent: 61 })).one('progressbar', 'orders.csv');
    assert.equal(bar.attributes['aria-valuenow'], '61');
    assert.equal(drawAlone(h(Progress, { label: 'x', percent: undefined })).one('progressbar').attributes['aria-valuenow'], undefined);
  });

  it('folds, keeping the count in its title', () => {
    let toggles = 0;
    const section = (open: boolean): ReturnType<typeof drawAlone> =>
      drawAlone(h(Section, { title: 'Jobs', open, count: 0, onToggle: () => (toggles += 1), children: 'inside' })).one('region', 'Jobs');
    const folded = section(false).one('button');
    assert.equal(folded.attributes['aria-expanded'], 'false');
    assert.equal(folded.text, 'Jobs0');
    assert.doesNotMatch(section(false).text, /inside/);
    const unfolded = section(true);
    assert.match(unfolded.text, /inside/);
    assert.ok(unfolded.all.some(node => node.attributes['id'] === unfolded.one('button').attributes['aria-controls']));
    unfolded.one('button').click();
    assert.equal(toggles, 1);
  });

  it('asks with the verb on the button before what cannot be undone', async () => {
    dialogs.shown.length = 0;
    dialogs.answers.push({ accept: true, value: null }, { accept: false, value: null });
    assert.equal(await confirmed('Delete Sales?', 'Its links stop working.', 'Delete'), true);
    assert.equal(await confirmed('Delete Sales?', 'Its links stop working.', 'Delete'), false);
    const buttons = dialogs.shown[0]?.['buttons'] as { label: string; accept: boolean }[];
    assert.deepEqual(buttons.map(({ label, accept }) => [label, accept]), [['Cancel', false], ['Delete', true]]);
  });
});
