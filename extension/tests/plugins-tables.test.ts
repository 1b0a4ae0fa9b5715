import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { JupyterFrontEnd } from '@jupyterlab/application';
import { named } from '../src/named.ts';
import { ask } from '../src/plugins/ask.ts';
import { dataset as datasetPlugin } from '../src/plugins/dataset.ts';
import { Command } from '../src/tokens.ts';
import { activate, type App, appOf, press, row } from './app.ts';
import { drawWidget } from './drawn.ts';
import { FakeElement, page } from './fakes/browser.ts';
import { dialogs, notified } from './fakes/lab.ts';
import { refusal, settled } from './fakes/server.ts';
import { dataset, detail, HOSTILE, lakebook } from './given.ts';

const about = (app: App, args: Parameters<typeof named>[1] = {}): ReturnType<typeof named> => named(app as unknown as JupyterFrontEnd, args);
const idOf = (widget: unknown): string => (widget as { id: string }).id;

/** Each suite begins afresh; all files share one process, so a hook outside of a suite would be everybody's. */
function afresh(): void {
  afterEach(() => {
    page.activeElement = null;
  });
}

describe('the table that a command is about', () => {
  afresh();

  it('is what its arguments say', () => {
    const app = appOf(lakebook());
    app.clicked = row('other');
    assert.deepEqual(about(app, { dataset: 'a', name: 'A', layer: 'gold' }), { dataset: 'a', name: 'A', layer: 'gold' });
    assert.deepEqual(about(app, { dataset: 'a', name: 7 }), { dataset: 'a', name: 'a', layer: 'bronze' });
  });

  it('is the row that was right-clicked', () => {
    const app = appOf(lakebook());
    assert.equal(about(app), undefined);
    app.clicked = row('a', 'A', 'gold');
    assert.deepEqual(about(app), { dataset: 'a', name: 'A', layer: 'gold' });
    app.clicked = row('b');
    assert.deepEqual(about(app), { dataset: 'b', name: 'b', layer: 'bronze' });
    app.clicked = new FakeElement();
    assert.equal(about(app), undefined);
  });

  it('is the row with the focus, also when another was right-clicked some time ago', () => {
    const app = appOf(lakebook());
    page.activeElement = row('b', 'B', 'silver');
    assert.equal(about(app)?.dataset, 'b');
    app.clicked = row('a', 'A');
    assert.equal(about(app)?.dataset, 'b');
    page.activeElement = new FakeElement();
    assert.equal(about(app)?.dataset, 'a');
  });
});

describe('the page of a table as a command', () => {
  afresh();

  it('opens once and comes forward then', async () => {
    const { app, run } = await activate(datasetPlugin, [null]);
    const first = await run(Command.openDataset, { dataset: 'a', name: 'A' });
    const again = await run(Command.openDataset, { dataset: 'a' });
    await run(Command.openDataset, { dataset: 'b', name: 'B' });
    assert.equal(first, again);
    assert.deepEqual(app.shell.added.map(({ widget, area }) => [widget.id, area]), [['lakebook-dataset-a', 'main'], ['lakebook-dataset-b', 'main']]);
    assert.deepEqual(app.shell.activated, ['lakebook-dataset-a', 'lakebook-dataset-a', 'lakebook-dataset-b']);
  });

  it('opens anew at the tab that is asked for', async () => {
    const { app, run, given } = await activate(datasetPlugin, [null]);
    given.queries.setQueryData(['dataset', 'a'], detail({ dataset_id: 'a' }));
    const first = await run(Command.openDataset, { dataset: 'a' });
    const second = (await run(Command.openDataset, { dataset: 'a', tab: 'columns' })) as { content: unknown };
    assert.ok((first as { isDisposed: boolean }).isDisposed);
    assert.equal(app.shell.added.length, 2);
    assert.equal(drawWidget(second.content).byRole('tab')[1]?.attributes['aria-selected'], 'true');
  });

  it('opens nothing where there is no table', async () => {
    const { app, run } = await activate(datasetPlugin, [null]);
    assert.equal(await run(Command.openDataset), undefined);
    assert.deepEqual(app.shell.added, []);
  });

  it('comes back after a reload with its table and name', async () => {
    const restored: Record<string, unknown>[] = [];
    const { run } = await activate(datasetPlugin, [{ restore: (_: unknown, options: Record<string, unknown>) => void restored.push(options) }]);
    const opened = await run(Command.openDataset, { dataset: 'a', name: 'A' });
    const { command, args, name } = restored[0] as { command: string; args: (page: unknown) => unknown; name: (page: unknown) => string };
    assert.equal(command, Command.openDataset);
    assert.deepEqual(args(opened), { dataset: 'a', name: 'A' });
    assert.equal(name(opened), 'a');
  });
});

describe('renaming a table', () => {
  afresh();

  it('asks for the name, with the old one in the box', async () => {
    for (const name of HOSTILE) {
      const { given, run } = await activate(datasetPlugin, [null]);
      given.server.on('PATCH datasets/a', dataset({ name }));
      dialogs.answers.push({ accept: true, value: name });
      await run(Command.renameDataset, { dataset: 'a', name: 'old' });
      assert.equal(dialogs.shown[0]?.['text'], 'old');
      assert.deepEqual(given.server.asked[0]?.body, { name });
    }
  });

  it('does nothing when it is left, empty, or the same', async () => {
    const { given, run } = await activate(datasetPlugin, [null]);
    dialogs.answers.push({ accept: false, value: 'x' }, { accept: true, value: '' }, { accept: true, value: 'a' });
    for (let turn = 0; turn < 3; turn += 1) {
      await run(Command.renameDataset, { dataset: 'a', name: 'a' });
    }
    await run(Command.renameDataset);
    assert.equal(dialogs.shown.length, 3);
    assert.deepEqual(given.server.asked, []);
  });

  it('says why the server refused', async () => {
    const { given, run } = await activate(datasetPlugin, [null]);
    given.server.on('PATCH datasets/a', refusal('A table is called b.', 'Choose another name.'), 409);
    dialogs.answers.push({ accept: true, value: 'b' });
    await run(Command.renameDataset, { dataset: 'a' });
    assert.deepEqual(notified.map(({ kind, message }) => [kind, message]), [['error', 'A table is called b. Choose another name.']]);
  });
});

describe('deleting a table', () => {
  afresh();

  it('closes its page and offers to undo', async () => {
    const { given, run } = await activate(datasetPlugin, [null]);
    given.server.on('DELETE datasets/a', dataset()).on('POST datasets/a/restore', dataset());
    const open = (await run(Command.openDataset, { dataset: 'a', name: 'A' })) as { isDisposed: boolean };
    await run(Command.deleteDataset, { dataset: 'a', name: 'A' });
    assert.ok(open.isDisposed);
    assert.equal(notified[0]?.message, 'Deleted A. It can be brought back for 7 days.');
    press(notified[0], 'Undo');
    await settled();
    assert.equal(given.server.lines.at(-1), 'POST /lakebook/api/v1/datasets/a/restore');
  });

  it('leaves its page open where it was refused', async () => {
    const { given, run } = await activate(datasetPlugin, [null]);
    given.server.on('DELETE datasets/a', refusal('Only its owner may.'), 403);
    const open = (await run(Command.openDataset, { dataset: 'a' })) as { isDisposed: boolean };
    await run(Command.deleteDataset, { dataset: 'a' });
    assert.ok(!open.isDisposed);
    assert.deepEqual(notified.map(said => said.message), ['Only its owner may.']);
  });
});

describe('the page where one asks as a command', () => {
  afresh();

  it('is one, and has a name in the launcher of its own', async () => {
    const { app, given, run } = await activate(ask, [null, null]);
    const first = await run(Command.ask, { question: 'how many orders' });
    assert.equal(await run(Command.ask), first);
    assert.equal(idOf(first), 'lakebook-ask');
    assert.equal(app.shell.added.length, 1);
    assert.equal(app.shell.activated.length, 2);
    assert.equal(given.commands.label(Command.ask), 'Ask…');
    assert.equal(given.commands.label(Command.ask, { isLauncher: true }), 'Ask a question');
  });

  it('takes the question, or else the table it is about', async () => {
    const { run } = await activate(ask, [null, null]);
    const shown = (await run(Command.ask, { dataset: 'a' })) as { content: { asked: unknown } };
    assert.deepEqual(shown.content.asked, { serial: 1, question: '', dataset: 'a' });
    await run(Command.ask, { dataset: 'a', question: 'how many' });
    assert.deepEqual(shown.content.asked, { serial: 2, question: 'how many', dataset: '' });
  });
});
