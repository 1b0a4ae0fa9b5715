import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { InputDialog, Notification } from '@jupyterlab/apputils';
import { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import { bookIcon } from '../icons';
import { said } from '../said';
import { Command, ILakebook } from '../tokens';
import { cronOf, TIMETABLES, wordsOf } from '../words/cron';

const DATA = /\.(csv|tsv|json|jsonl|ndjson|parquet)$/i;
const NOTEBOOK = /\.ipynb$/i;

/** Ingest, Schedule and Publish in the file browser's context menu. */
export const files: JupyterFrontEndPlugin<void> = {
  id: 'lakebook:files',
  description: 'Loads files, schedules and publishes notebooks from the file browser.',
  autoStart: true,
  requires: [ILakebook, IFileBrowserFactory],
  activate: (app: JupyterFrontEnd, lakebook: ILakebook, browsers: IFileBrowserFactory) => {
    const chosen = (kind: RegExp): string[] =>
      [...(browsers.tracker.currentWidget?.selectedItems() ?? [])]
        .filter(item => item.type !== 'directory' && kind.test(item.name))
        .map(item => app.serviceManager.contents.localPath(item.path));
    app.commands.addCommand(Command.ingestFile, {
      label: 'Ingest',
      caption: 'Make a checked, profiled table of this file',
      icon: bookIcon,
      isVisible: () => chosen(DATA).length > 0,
      execute: async () => {
        for (const path of chosen(DATA)) {
          await follow(lakebook, lakebook.client.ingest(path));
        }
        await showPanel(app);
      }
    });
    app.commands.addCommand(Command.publishNotebook, {
      label: 'Publish',
      caption: 'Run this notebook once and keep its page for people who have the link',
      icon: bookIcon,
      isVisible: () => chosen(NOTEBOOK).length === 1,
      execute: async () => {
        const [path] = chosen(NOTEBOOK);
        if (path !== undefined) {
          await follow(lakebook, lakebook.client.publish(path));
          await showPanel(app);
        }
      }
    });
    app.commands.addCommand(Command.scheduleNotebook, {
      label: 'Schedule…',
      caption: 'Run this notebook by the clock',
      icon: bookIcon,
      isVisible: () => chosen(NOTEBOOK).length === 1,
      execute: async () => {
        const [path] = chosen(NOTEBOOK);
        if (path !== undefined) {
          await schedule(lakebook, path);
        }
      }
    });
  }
};

async function follow(lakebook: ILakebook, accepted: ReturnType<ILakebook['client']['ingest']>): Promise<void> {
  const job = await said(accepted);
  if (job) {
    lakebook.work.put(job, true);
  }
}

async function showPanel(app: JupyterFrontEnd): Promise<void> {
  if (app.commands.hasCommand(Command.showPanel)) {
    await app.commands.execute(Command.showPanel);
  }
}

async function schedule(lakebook: ILakebook, path: string): Promise<void> {
  const answer = await InputDialog.getItem({
    title: `Schedule ${path}`,
    label: 'When to run it: choose, or write a cron expression',
    items: [...TIMETABLES.keys()],
    editable: true,
    okLabel: 'Schedule'
  });
  if (!answer.button.accept || !answer.value) {
    return;
  }
  const made = await said(lakebook.client.schedule(path, cronOf(answer.value)));
  if (made) {
    const next = made.next_at ? ` It runs next on ${new Date(made.next_at).toLocaleString('en-GB')}.` : '';
    Notification.info(`${made.name}: ${wordsOf(made.cron)}, ${made.timezone}.${next}`, { autoClose: 8_000 });
    await lakebook.queries.invalidateQueries({ queryKey: ['schedules'] });
  }
}
