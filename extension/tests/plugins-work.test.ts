import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Job } from '../src/api/model.ts';
import { files } from '../src/plugins/files.ts';
import { notifications } from '../src/plugins/notifications.ts';
import { panel } from '../src/plugins/panel.ts';
import { status } from '../src/plugins/status.ts';
import { viewer } from '../src/plugins/viewer.ts';
import { Command } from '../src/tokens.ts';
import { activate, press, settingsOf, type Started } from './app.ts';
import { drawWidget } from './drawn.ts';
import { type FakeElement, openedWindows, page } from './fakes/browser.ts';
import { copied, dialogs, notified } from './fakes/lab.ts';
import { FakeUpload, refusal, settled } from './fakes/server.ts';
import { HOSTILE, job, lakebook, schedule } from './given.ts';

const LATER = '2026-01-10T09:30:00Z';
const said = (): string[] => notified.map(({ kind, message }) => `${kind}: ${message}`);

function end({ given }: Started, facts: Partial<Job>): void {
  given.work.put(job({ job_id: facts.job_id ?? 'j-1' }), true);
  given.work.put(job({ status: 'completed', updated_at: LATER, ...facts }));
}

/** Each suite begins afresh; all files share one process, so a hook outside of a suite would be everybody's. */
function afresh(): void {
  beforeEach(() => {
    FakeUpload.all = [];
    page.made = [];
    openedWindows.length = 0;
    copied.length = 0;
  });
}

describe('what is said when work ends', () => {
  afresh();

  const start = (when?: string): Promise<Started> => activate(notifications, [when === undefined ? null : settingsOf({ when })], lakebook([Command.openDataset]));

  it('is what was made, with a button that opens it', async () => {
    const started = await start();
    end(started, { result: { dataset_id: 'd', name: 'orders', rows: 541_909, columns: 8, quality_score: 0.836 } });
    assert.deepEqual(said(), ['success: orders: 541,909 rows, 8 columns, quality .83.']);
    press(notified[0], 'Open');
    assert.deepEqual(started.given.ran, [[Command.openDataset, { dataset: 'd' }]]);
  });

  it('is short where little is known, and keeps hostile names', async () => {
    const started = await start();
    end(started, { job_id: '1', verb: 'train', title: 'Train survived' });
    end(started, { job_id: '2', title: '', verb: 'publish', result: { path: 7 } });
    end(started, { job_id: '3', result: { name: HOSTILE[4], rows: 1, columns: 1 } });
    assert.deepEqual(said(), ['success: Train survived: done.', 'success: publish: done.', `success: ${HOSTILE[4] ?? ''}: 1 row, 1 column.`]);
    assert.deepEqual(notified.flatMap(item => item.options.actions ?? []), []);
  });

  it('is a page to open or to hand on where a notebook was published', async () => {
    end(await start(), { verb: 'publish', title: 'Sales', result: { path: 'lakebook/p/abc' } });
    press(notified[0], 'Open page');
    press(notified[0], 'Copy link');
    assert.deepEqual([openedWindows, copied], [['http://127.0.0.1:8888/lakebook/p/abc'], ['http://127.0.0.1:8888/lakebook/p/abc']]);
  });

  it('is why it failed, with a way to try again', async () => {
    const started = await start();
    end(started, { status: 'failed', error_message: 'Line 7 is cut short.' });
    assert.deepEqual(said(), ['error: orders.csv failed: Line 7 is cut short.']);
    started.given.server.on('POST jobs/j-1/retry', job({ job_id: 'j-2' }));
    press(notified[0], 'Retry');
    await settled();
    assert.ok(started.given.work.isMine(job({ job_id: 'j-2' })));
  });

  it('is only said aloud for the last of several', async () => {
    const started = await start();
    started.given.work.put(job({ job_id: 'other' }), true);
    end(started, {});
    end(started, { job_id: 'other' });
    assert.deepEqual(notified.map(item => item.options.autoClose), [0, 5_000]);
  });

  it('is as much as the settings want', async () => {
    const counts: number[] = [];
    for (const when of ['work ends', 'work fails', 'never']) {
      const started = await start(when);
      end(started, { job_id: '1' });
      end(started, { job_id: '2', status: 'failed' });
      end(started, { job_id: '3', status: 'cancelled' });
      counts.push(notified.length);
    }
    assert.deepEqual(counts, [2, 1, 0]);
  });
});

describe('the commands of the sidebar', () => {
  afresh();

  const start = (settings: unknown = null): Promise<Started> => activate(panel, [null, null, settings]);

  it('adds it on the left and brings it forward', async () => {
    const { app, run } = await start();
    assert.deepEqual(app.shell.added.map(({ widget, area }) => [widget.id, area]), [['lakebook-panel', 'left']]);
    await run(Command.showPanel);
    assert.deepEqual(app.shell.activated, ['lakebook-panel']);
    assert.match(drawWidget(app.shell.added[0]?.widget).text, /^lakebook/);
  });

  it('loads the files that are chosen', async () => {
    const { given, run } = await start();
    await run(Command.load);
    const input = page.made.at(-1) as FakeElement & { files: File[]; onchange: () => void; accept: string; multiple: boolean };
    assert.equal(input.clicks, 1);
    assert.ok(input.multiple);
    assert.ok(['.csv', '.parquet', '.jsonl'].every(end => input.accept.split(',').includes(end)));
    input.files = [new File(['a\n1\n'], 'a.csv')];
    input.onchange();
    assert.deepEqual(given.work.uploads.map(upload => upload.file.name), ['a.csv']);
  });

  it('makes the demo, loads its tables and opens its tour', async () => {
    const { given, run } = await start();
    const opened: unknown[] = [];
    given.commands.addCommand('docmanager:open', { execute: args => opened.push(args['path']) });
    const paths = ['orders.csv', 'customers.csv', 'notes.md', 'Welcome.ipynb', 'welcome.ipynb', 'more/welcome.ipynb', 'orders.csv.gz'];
    given.server.on('POST demo', { folder: 'x', seconds: 1, files: paths.map(path => ({ path })) }).on('POST ingest', job({ job_id: 'demo' }));
    await run(Command.demo);
    await settled();
    const sources = given.server.asked.slice(1).map(asked => (asked.body as { source: string }).source);
    assert.deepEqual(sources, ['lakebook-demo/orders.csv', 'lakebook-demo/customers.csv']);
    assert.deepEqual(opened, ['lakebook-demo/welcome.ipynb']);
    assert.ok(given.work.isMine(job({ job_id: 'demo' })));
  });

  it('says why there is no demo', async () => {
    const { given, run } = await start();
    given.server.on('POST demo', refusal('The folder is not writable.', 'Choose another.'), 409);
    await run(Command.demo);
    assert.deepEqual(said(), ['error: The folder is not writable. Choose another.']);
  });

  it('shows the settings only where the Lab has an editor of them', async () => {
    const { given } = await start();
    assert.equal(given.commands.isVisible('lakebook:settings'), false);
    given.commands.addCommand('settingeditor:open', { execute: () => undefined });
    assert.equal(given.commands.isVisible('lakebook:settings'), true);
  });

  it('opens the table of the only load of this window, where the setting says so', async () => {
    const opened = async (settings: unknown, mine: boolean, others: number): Promise<number> => {
      const given = lakebook([Command.openDataset]);
      await activate(panel, [null, null, settings], given);
      await settled();
      for (let other = 0; other < others; other += 1) {
        given.work.put(job({ job_id: `other-${other}` }));
      }
      given.work.put(job(), mine);
      given.work.put(job({ status: 'completed', updated_at: LATER, result: { dataset_id: 'd' } }));
      return given.ran.length;
    };
    assert.equal(await opened(null, true, 0), 1);
    assert.equal(await opened(settingsOf({ openAfterLoading: true }), true, 0), 1);
    assert.equal(await opened(settingsOf({ openAfterLoading: false }), true, 0), 0);
    assert.equal(await opened(null, false, 0), 0, 'not for work of another window');
    assert.equal(await opened(null, true, 1), 0, 'not while more is at work');
  });
});

describe('the context menu of the file browser', () => {
  afresh();

  const items = [
    { name: 'a.csv', path: 'RTC:data/a.csv', type: 'file' }, { name: 'B.PARQUET', path: 'data/B.PARQUET', type: 'file' },
    { name: 'n.ipynb', path: 'n.ipynb', type: 'notebook' }, { name: 'x.csv', path: 'x.csv', type: 'directory' }, { name: 'a.csv.gz', path: 'a.csv.gz', type: 'file' }
  ];
  const start = (chosen: typeof items): Promise<Started> =>
    activate(files, [{ tracker: { currentWidget: { selectedItems: () => chosen.values() } } }], lakebook([Command.showPanel]));

  it('shows each command only where it fits', async () => {
    const visible = async (chosen: typeof items): Promise<boolean[]> => {
      const { given } = await start(chosen);
      return [Command.ingestFile, Command.publishNotebook, Command.scheduleNotebook].map(id => given.commands.isVisible(id));
    };
    assert.deepEqual(await visible(items), [true, true, true]);
    assert.deepEqual(await visible(items.slice(0, 1)), [true, false, false]);
    assert.deepEqual(await visible(items.slice(3)), [false, false, false]);
    assert.deepEqual(await visible([...items, { name: 'm.ipynb', path: 'm.ipynb', type: 'notebook' }]), [true, false, false]);
  });

  it('loads every data file by its path on the server and shows the sidebar', async () => {
    const { given, run } = await start(items);
    given.server.on('POST ingest', job());
    await run(Command.ingestFile);
    assert.deepEqual(given.server.asked.map(asked => asked.body), [{ source: 'data/a.csv' }, { source: 'data/B.PARQUET' }]);
    assert.deepEqual(given.ran.map(([id]) => id), [Command.showPanel]);
  });

  it('publishes the notebook', async () => {
    const { given, run } = await start(items);
    given.server.on('POST dashboards/publish', job({ verb: 'publish' }));
    await run(Command.publishNotebook);
    assert.deepEqual(given.server.asked[0]?.body, { notebook: 'n.ipynb' });
    assert.ok(given.work.isMine(job()));
  });

  it('schedules it by words or by cron, and says when', async () => {
    const { given, run } = await start(items);
    given.server.on('POST schedules', schedule());
    dialogs.answers.push({ accept: true, value: 'Every day at 06:00' }, { accept: true, value: ' */5 * * * * ' }, { accept: false, value: 'Every hour' });
    for (let turn = 0; turn < 3; turn += 1) {
      await run(Command.scheduleNotebook);
    }
    assert.deepEqual(given.server.asked.map(asked => (asked.body as { cron: string }).cron), ['0 6 * * *', '*/5 * * * *']);
    assert.equal(notified[0]?.message, 'daily: Every day at 06:00, Europe/Berlin.');
  });
});

describe('the status bar and the viewer', () => {
  afresh();

  it('count what is at work, and show nothing else', async () => {
    const registered: { item: { node: FakeElement }; isActive: () => boolean }[] = [];
    const { given } = await activate(status, [{ registerStatusItem: (_: string, item: (typeof registered)[0]) => void registered.push(item) }], lakebook([Command.showPanel]));
    const [shown] = registered;
    assert.equal(shown?.isActive(), false);
    given.work.put(job());
    given.work.send([new File(['a'], 'a.csv')]);
    assert.equal(shown.isActive(), true);
    assert.equal(shown.item.node.textContent, 'lakebook: 2 jobs');
    (shown.item.node as unknown as { onclick: () => void }).onclick();
    assert.deepEqual(given.ran.map(([id]) => id), [Command.showPanel]);
  });

  it('opens data files with lakebook, unless the settings say otherwise', async () => {
    for (const isDefault of [true, false]) {
      const { app } = await activate(viewer, [settingsOf({ isDefault })]);
      const options = app.docRegistry.factories[0]?.options as { fileTypes: string[]; defaultFor: string[]; modelName: string; readOnly: boolean };
      assert.deepEqual(options.fileTypes, ['csv', 'tsv', 'jsonl', 'lakebook-parquet']);
      assert.deepEqual(options.defaultFor, isDefault ? options.fileTypes : []);
      assert.ok(options.readOnly);
      assert.equal(options.modelName, (app.docRegistry.models[0] as { name: string }).name);
    }
    const { app } = await activate(viewer, [null]);
    assert.equal((app.docRegistry.factories[0]?.options['defaultFor'] as string[]).length, 4);
  });

  it('never lets the browser read the file itself', async () => {
    const { app } = await activate(viewer, [null]);
    assert.equal((app.docRegistry.models[0] as { fileFormat: unknown }).fileFormat, null);
  });

  it('stays the default where the Lab’s own viewer comes later', async () => {
    for (const isDefault of [true, false]) {
      const { app } = await activate(viewer, [settingsOf({ isDefault })]);
      const [first] = app.docRegistry.factories;
      app.docRegistry.changed.emit({ type: 'widgetFactory', name: 'csvtable', change: 'added' });
      assert.equal(app.docRegistry.factories.length, 1);
      assert.equal(app.docRegistry.factories[0] === first, !isDefault);
      const [second] = app.docRegistry.factories;
      for (const [type, name, change] of [['widgetFactory', 'lakebook', 'added'], ['widgetFactory', 'csvtable', 'removed'], ['fileType', 'csv', 'added']] as const) {
        app.docRegistry.changed.emit({ type, name, change });
      }
      assert.equal(app.docRegistry.factories[0], second);
    }
  });

  it('shows a file without a toolbar, under its path on the server', async () => {
    const { app } = await activate(viewer, [null]);
    const factory = app.docRegistry.factories[0] as unknown as { createNewWidget: (context: object) => { toolbar: { isHidden: boolean }; content: { title: { icon: unknown } } } };
    const widget = factory.createNewWidget({ path: 'RTC:data/a.csv' });
    assert.ok(widget.toolbar.isHidden);
    assert.ok(widget.content.title.icon);
    assert.match(drawWidget(widget.content).one('status').text, /Reading the first rows/);
  });
});
