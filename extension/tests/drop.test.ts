import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { takeDrops } from '../src/panel/drop.ts';
import { PanelWidget } from '../src/panel/widget.tsx';
import { Command } from '../src/tokens.ts';
import { drawWidget } from './drawn.ts';
import { FakeElement } from './fakes/browser.ts';
import { Menu } from './fakes/lab.ts';
import { settled } from './fakes/server.ts';
import { dataset, HOSTILE, lakebook } from './given.ts';

type Facts = Record<string, unknown>;

/** An event of the type with these facts; says whether it was taken. */
function send(node: FakeElement, type: string, facts: Facts = {}): { taken: boolean; event: Event & Facts } {
  const event = Object.assign(new Event(type, { cancelable: true }), facts);
  node.dispatchEvent(event);
  return { taken: event.defaultPrevented, event };
}

const files = (...names: string[]): Facts => {
  const list = names.map(name => new File(['a'], name));
  return { dataTransfer: { types: ['Files'], items: list, files: list, dropEffect: 'none' } };
};
const paths = (data: unknown): Facts => ({ mimeData: { getData: (type: string) => (type === 'application/x-jupyter-icontents' ? data : undefined) }, proposedAction: 'move', dropAction: 'none' });

function target(): { node: FakeElement; lit: (string | undefined)[]; got: string[]; undo: () => void } {
  const node = new FakeElement();
  const lit: (string | undefined)[] = [];
  const got: string[] = [];
  const undo = takeDrops(node as unknown as HTMLElement, {
    light: words => void lit.push(words),
    files: list => void got.push(...list.map(file => `file ${file.name}`)),
    paths: list => void got.push(...list.map(path => `path ${path}`))
  });
  return { node, lit, got, undo };
}

describe('files dragged from the computer', () => {
  it('light the panel up and are copied', () => {
    const { node, lit } = target();
    const { taken, event } = send(node, 'dragover', files('a.csv'));
    assert.ok(taken);
    assert.equal((event['dataTransfer'] as Facts)['dropEffect'], 'copy');
    send(node, 'dragenter', files('a', 'b', 'c'));
    assert.deepEqual(lit, ['Drop to load this file', 'Drop to load 3 files']);
  });

  it('are taken on the drop, by any name', () => {
    const { node, lit, got } = target();
    assert.ok(send(node, 'drop', files(...HOSTILE)).taken);
    assert.deepEqual(got, HOSTILE.map(name => `file ${name}`));
    assert.deepEqual(lit, [undefined]);
  });

  it('put the light out only when they leave the whole panel', () => {
    const { node, lit } = target();
    const inside = new FakeElement();
    node.inside.add(inside);
    send(node, 'dragleave', { relatedTarget: inside });
    assert.deepEqual(lit, []);
    send(node, 'dragleave', { relatedTarget: null });
    assert.deepEqual(lit, [undefined]);
  });

  it('are told from text, which is left to others', () => {
    const { node, lit, got } = target();
    for (const facts of [{ dataTransfer: { types: ['text/plain'], items: [], files: [] } }, { dataTransfer: null }]) {
      assert.ok(!send(node, 'dragover', facts).taken);
      assert.ok(!send(node, 'drop', facts).taken);
    }
    assert.deepEqual([lit, got], [[], []]);
  });
});

describe('files dragged from the file browser of the Lab', () => {
  it('are named where there is one, counted where there are more', () => {
    const { node, lit } = target();
    send(node, 'lm-dragenter', paths(['data/orders.csv']));
    assert.ok(send(node, 'lm-dragover', paths(['a', 'b'])).taken);
    assert.deepEqual(lit, ['Drop to load orders.csv', 'Drop to load 2 files']);
  });

  it('are taken by their paths', () => {
    const { node, lit, got } = target();
    const { event } = send(node, 'lm-drop', paths(['RTC:data/a.csv', 7, 'b.csv']));
    assert.deepEqual(got, ['path RTC:data/a.csv', 'path b.csv']);
    assert.equal(event['dropAction'], 'move');
    assert.deepEqual(lit, [undefined]);
  });

  it('are nothing when something else is dragged', () => {
    const { node, lit } = target();
    for (const data of [undefined, 'a.csv', [], [7]]) {
      assert.ok(!send(node, 'lm-dragover', paths(data)).taken);
    }
    assert.deepEqual(lit, []);
  });

  it('are not taken any more once that is undone', () => {
    const { node, lit, got, undo } = target();
    undo();
    send(node, 'drop', files('a'));
    send(node, 'lm-drop', paths(['a']));
    send(node, 'dragover', files('a'));
    assert.deepEqual([lit, got], [[], []]);
  });
});

interface Inside {
  onAfterAttach: (message: unknown) => void;
  onBeforeDetach: (message: unknown) => void;
  onActivateRequest: (message: unknown) => void;
  node: FakeElement;
  updates: number;
}

describe('the widget of the sidebar', () => {
  function widget(kept?: unknown): { shown: PanelWidget; inside: Inside; saved: unknown[]; got: string[] } {
    const given = lakebook(Object.values(Command));
    given.queries.setQueryData(['datasets'], [dataset()]);
    const saved: unknown[] = [];
    const got: string[] = [];
    const state = { fetch: () => Promise.resolve(kept), save: (_: string, value: unknown) => Promise.resolve(saved.push(value)) };
    const shown = new PanelWidget(given, state as never, list => void got.push(...list.map(file => file.name)), list => void got.push(...list));
    return { shown, inside: shown as unknown as Inside, saved, got };
  }
  const open = (shown: PanelWidget, name: string): string | undefined => drawWidget(shown).one('region', name).byRole('button')[0]?.attributes['aria-expanded'];

  it('is a named region, with the long lists folded at first', () => {
    const { shown, inside } = widget();
    assert.deepEqual([...inside.node.attributes], [['role', 'region'], ['aria-label', 'lakebook']]);
    assert.deepEqual(['Datasets', 'Jobs', 'Models', 'Runs', 'Dashboards'].map(name => open(shown, name)), ['true', 'true', 'false', 'false', 'false']);
  });

  it('remembers what is folded', async () => {
    const { shown, saved } = widget();
    drawWidget(shown).one('region', 'Models').byRole('button')[0]?.click();
    assert.equal(open(shown, 'Models'), 'true');
    assert.deepEqual(saved, [{ Models: false, Runs: true, Dashboards: true }]);
    const later = widget({ Jobs: true, Models: false });
    await settled();
    assert.deepEqual(['Jobs', 'Models', 'Runs'].map(name => open(later.shown, name)), ['false', 'true', 'false']);
  });

  it('is not disturbed by what else may be kept', async () => {
    for (const kept of [null, 'x', 7, ['Models'], undefined]) {
      const { shown } = widget(kept);
      await settled();
      assert.equal(open(shown, 'Models'), 'false');
    }
  });

  it('takes drops while it is attached, drawn again only for new words', () => {
    const { inside, got, shown } = widget();
    inside.onAfterAttach({});
    const before = inside.updates;
    send(inside.node, 'dragover', files('a.csv'));
    send(inside.node, 'dragover', files('a.csv'));
    assert.equal(inside.updates, before + 1);
    assert.match(drawWidget(shown).byClass('lb-lit-words')[0]?.text ?? '', /Drop to load this file/);
    send(inside.node, 'drop', files('a.csv'));
    send(inside.node, 'lm-drop', paths(['b.csv']));
    inside.onBeforeDetach({});
    send(inside.node, 'drop', files('c.csv'));
    assert.deepEqual(got, ['a.csv', 'b.csv']);
  });

  it('gives the focus to its box', async () => {
    const { inside } = widget();
    inside.node.found = new FakeElement();
    inside.onActivateRequest({});
    await new Promise(resolve => setTimeout(resolve, 1));
    await settled();
    assert.ok(inside.node.found.isFocused);
    assert.match(inside.node.lastSelector, /input\[type=search\]/);
  });

  it('has a menu of what can be done, below its button', () => {
    const { shown } = widget();
    const at = { left: 10, bottom: 30 };
    drawWidget(shown).one('button', 'More').send('onClick', { currentTarget: { getBoundingClientRect: () => at } });
    assert.deepEqual(Menu.last?.items.map(item => item.command), [Command.load, Command.ask, Command.demo]);
    assert.deepEqual(Menu.last.openedAt, [10, 30]);
  });

  it('shows and hides deleted tables', () => {
    const { shown } = widget();
    shown.toggleDeleted();
    assert.equal(drawWidget(shown).byRole('region', 'Deleted').length, 1);
    shown.toggleDeleted();
    assert.equal(drawWidget(shown).byRole('region', 'Deleted').length, 0);
  });
});
