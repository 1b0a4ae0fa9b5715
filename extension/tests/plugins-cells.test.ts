import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import plugins from '../src/index.ts';
import { cells } from '../src/plugins/cells.ts';
import { launcher } from '../src/plugins/launcher.ts';
import { palette } from '../src/plugins/palette.ts';
import { session } from '../src/plugins/session.ts';
import { Command, ILakebook } from '../src/tokens.ts';
import { activate, appOf, type Started } from './app.ts';
import { dialogs, notified } from './fakes/lab.ts';
import { FakeServer, FakeSocket, refusal, settled } from './fakes/server.ts';
import { column, HOSTILE, job, lakebook, profile } from './given.ts';

interface FakeCell {
  type: string;
  source: string;
}

/** A notebook of plain cells, one of them active. */
class FakeNotebook {
  readonly id = 'nb';
  readonly revealed = Promise.resolve();
  readonly context = { ready: Promise.resolve() };
  readonly cells: FakeCell[];
  readonly sessionContext: { session: { kernel: { name: string } } | null; kernelPreference: { name: string } };
  active: number;

  constructor(sources: readonly (string | FakeCell)[], kernel: string | null, active = sources.length - 1) {
    this.cells = sources.map(cell => (typeof cell === 'string' ? { type: 'code', source: cell } : cell));
    this.active = active;
    this.sessionContext = { session: kernel === null ? null : { kernel: { name: kernel } }, kernelPreference: { name: 'python3' } };
  }

  private static face(cell: FakeCell): { type: string; sharedModel: { getSource: () => string; setSource: (text: string) => void } } {
    return { type: cell.type, sharedModel: { getSource: () => cell.source, setSource: text => void (cell.source = text) } };
  }

  get model(): unknown {
    return { getMetadata: () => undefined, cells: this.cells.map(cell => FakeNotebook.face(cell)) };
  }

  get content(): unknown {
    const active = this.cells[this.active];
    const insert = (): void => {
      this.active += 1;
      this.cells.splice(this.active, 0, { type: 'code', source: '' });
    };
    const get = (): unknown => {
      const cell = this.cells[this.active];
      return cell && { model: FakeNotebook.face(cell) };
    };
    return Object.defineProperty({ insert, first: active }, 'activeCell', { get });
  }

  get sources(): string[] {
    return this.cells.map(cell => cell.source);
  }
}

const start = (open: FakeNotebook | null): Promise<Started> => activate(cells, [{ currentWidget: open }]);

async function inserted(open: FakeNotebook, source = 'NEW'): Promise<string[]> {
  await (await start(open)).run(Command.insertCell, { source });
  return open.sources;
}

describe('inserting a cell', () => {
  it('goes below the active one, or into it where it is empty', async () => {
    assert.deepEqual(await inserted(new FakeNotebook(['a', 'b'], 'lakebook', 0)), ['a', 'NEW', 'b']);
    assert.deepEqual(await inserted(new FakeNotebook(['a', ' \n'], 'lakebook')), ['a', 'NEW']);
    assert.deepEqual(await inserted(new FakeNotebook([], 'lakebook')), ['NEW']);
  });

  it('leaves a cell of prose alone, also an empty one', async () => {
    assert.deepEqual(await inserted(new FakeNotebook([{ type: 'markdown', source: '' }], 'lakebook')), ['', 'NEW']);
  });

  it('loads the magics first where nothing else has', async () => {
    assert.deepEqual(await inserted(new FakeNotebook(['a'], 'python3')), ['a', '%load_ext lakebook', 'NEW']);
    assert.deepEqual(await inserted(new FakeNotebook(['%load_ext lakebook', 'a'], 'python3')), ['%load_ext lakebook', 'a', 'NEW']);
    assert.deepEqual(await inserted(new FakeNotebook(['a'], null)), ['a', '%load_ext lakebook', 'NEW']);
  });

  it('makes a notebook where none is open, with the kernel that knows the magics', async () => {
    for (const [installed, expected] of [[true, ['NEW']], [false, ['%load_ext lakebook', 'NEW']]] as const) {
      const { app, given, run } = await start(null);
      const made = new FakeNotebook([''], null, 0);
      const kernels: unknown[] = [];
      given.commands.addCommand('notebook:create-new', { execute: args => (kernels.push(args['kernelName']), made) });
      if (!installed) {
        app.serviceManager.kernelspecs.specs = { default: 'ir', kernelspecs: { ir: {} } };
      }
      await run(Command.insertCell, { source: 'NEW' });
      assert.deepEqual(kernels, [installed ? 'lakebook' : 'ir']);
      assert.deepEqual(made.sources, expected);
      assert.deepEqual(app.shell.activated, ['nb']);
    }
  });

  it('writes nothing without words', async () => {
    const open = new FakeNotebook(['a'], 'lakebook');
    const { run, given } = await start(open);
    assert.equal(await run(Command.insertCell, { source: 7 }), undefined);
    assert.equal(await run(Command.insertSql), undefined);
    assert.deepEqual(open.sources, ['a']);
    assert.equal(given.commands.isVisible(Command.insertCell), false, 'it is for other parts, not for menus');
  });

  it('puts a statement under its magic and a table into its statement', async () => {
    const open = new FakeNotebook([''], 'lakebook');
    const { run } = await start(open);
    await run(Command.insertCell, { sql: ' SELECT 1 ' });
    await run(Command.insertSql, { dataset: 'd', name: 'my orders', layer: 'gold' });
    assert.deepEqual(open.sources, ['%%sql\nSELECT 1', '%%sql\nSELECT *\nFROM gold."my orders"\nLIMIT 50']);
  });
});

describe('training a model', () => {
  it('asks for the column and writes the cell', async () => {
    const open = new FakeNotebook([''], 'lakebook');
    const { given, run } = await start(open);
    given.server.on('GET datasets/d/profile', profile({ columns: HOSTILE.map(name => column({ name })) }));
    dialogs.answers.push({ accept: true, value: 'has survived' }, { accept: false, value: 'x' });
    await run(Command.trainModel, { dataset: 'd', name: 'passengers' });
    await run(Command.trainModel, { dataset: 'd', name: 'passengers' });
    assert.equal(dialogs.shown[0]?.['title'], 'Train a model on passengers');
    assert.deepEqual(dialogs.shown[0]['items'], HOSTILE);
    assert.deepEqual(open.sources, ["%train passengers --target 'has survived'"]);
  });

  it('says why the columns cannot be read', async () => {
    const { given, run } = await start(null);
    given.server.on('GET datasets/d/profile', refusal('It is not profiled yet.', 'Wait a moment.'), 409);
    await run(Command.trainModel, { dataset: 'd' });
    assert.deepEqual(notified.map(item => item.message), ['It is not profiled yet. Wait a moment.']);
    assert.deepEqual(dialogs.shown, []);
  });
});

describe('the features', () => {
  let stop: () => void = () => undefined;
  afterEach(() => stop());

  it('are one plugin each, described, started with the Lab', () => {
    const ids = plugins.map(plugin => plugin.id);
    assert.equal(new Set(ids).size, ids.length);
    for (const plugin of plugins) {
      assert.match(plugin.id, /^lakebook:[a-z-]+$/);
      assert.match(plugin.description ?? '', /^[A-Z].*\.$/, plugin.id);
      assert.equal(plugin.autoStart, true);
      assert.ok(plugin.id === 'lakebook:session' ? plugin.provides === ILakebook : plugin.requires?.[0] === ILakebook, plugin.id);
    }
  });

  it('put their tiles and commands where one looks for them', async () => {
    const tiles: { command: string; category: string }[] = [];
    await activate(launcher, [{ add: (tile: (typeof tiles)[0]) => void tiles.push(tile) }]);
    assert.deepEqual(tiles.map(tile => tile.command), [Command.ask, Command.load]);
    const listed: { command: string; category: string }[] = [];
    await activate(palette, [{ addItem: (item: (typeof listed)[0]) => void listed.push(item) }]);
    assert.ok([Command.showPanel, Command.ask, Command.load, Command.demo].every(id => listed.some(item => item.command === id)));
    assert.ok([...tiles, ...listed].every(item => item.category === 'lakebook'));
  });

  it('share one session: news of jobs and tables reach the lists', async () => {
    FakeSocket.all = [];
    const app = appOf(lakebook([], new FakeServer().on('GET jobs', { items: [] })));
    const begin = session.activate as unknown as (app: unknown) => ILakebook;
    const made = begin(app);
    stop = () => (made.live.dispose(), made.queries.clear());
    made.queries.setQueryData(['datasets'], []);
    made.queries.setQueryData(['models'], []);
    const stale = (key: string): boolean | undefined => made.queries.getQueryState([key])?.isInvalidated;
    FakeSocket.last.say({ type: 'datasets' });
    assert.deepEqual([stale('datasets'), stale('models')], [true, false]);
    FakeSocket.last.say({ type: 'job', job: job() });
    assert.equal(made.work.active.length, 1);
    FakeSocket.last.say({ type: 'job', job: job({ status: 'completed', updated_at: '2026-01-10T09:30:00Z' }) });
    await settled();
    assert.deepEqual([made.work.active.length, stale('models')], [0, true]);
    assert.equal(made.commands, app.commands);
  });
});
