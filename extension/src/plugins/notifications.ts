import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Clipboard, Notification } from '@jupyterlab/apputils';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { Job } from '../api/model';
import { said } from '../said';
import { Command, ILakebook } from '../tokens';
import { plural, score } from '../words/numbers';

/** Says when work has come to its end. */
export const notifications: JupyterFrontEndPlugin<void> = {
  id: 'lakebook:notifications',
  description: 'Notifies when jobs finish or fail.',
  autoStart: true,
  requires: [ILakebook],
  optional: [ISettingRegistry],
  activate: async (app: JupyterFrontEnd, lakebook: ILakebook, registry: ISettingRegistry | null) => {
    const settings = await registry?.load('lakebook:notifications');
    const when = (): unknown => settings?.get('when').composite ?? 'work ends';
    lakebook.work.finished.connect((_, job) => {
      if (job.status === 'failed' && when() !== 'never') {
        sayFailed(lakebook, job);
      } else if (job.status === 'completed' && when() === 'work ends') {
        // Only the last of several is said aloud; the others wait under the bell.
        sayDone(app, lakebook, job, lakebook.work.active.length === 0);
      }
    });
  }
};

function sayFailed(lakebook: ILakebook, job: Job): void {
  const retry = async (): Promise<void> => {
    const again = await said(lakebook.client.retry(job.job_id));
    if (again) {
      lakebook.work.put(again, true);
    }
  };
  Notification.error(`${job.title || job.verb} failed: ${job.error_message ?? 'it did not say why.'}`, {
    autoClose: 10_000,
    actions: [{ label: 'Retry', callback: () => void retry() }]
  });
}

function sayDone(app: JupyterFrontEnd, lakebook: ILakebook, job: Job, isAloud: boolean): void {
  Notification.success(doneWords(job), {
    autoClose: isAloud ? 5_000 : 0,
    actions: actionsOf(app, lakebook, job)
  });
}

function doneWords(job: Job): string {
  const { name, rows, columns, quality_score: quality } = job.result ?? {};
  if (job.verb === 'ingest' && typeof name === 'string' && typeof rows === 'number' && typeof columns === 'number') {
    const scored = typeof quality === 'number' ? `, quality ${score(quality)}` : '';
    return `${name}: ${plural(rows, 'row')}, ${plural(columns, 'column')}${scored}.`;
  }
  const { version, verdict } = job.result ?? {};
  if (job.verb === 'train' && typeof name === 'string' && typeof version === 'number' && typeof verdict === 'string') {
    return `${name} v${version}: ${verdict}`;
  }
  return `${job.title || job.verb}: done.`;
}

function actionsOf(app: JupyterFrontEnd, lakebook: ILakebook, job: Job): Notification.IAction[] {
  const { dataset_id: dataset, path } = job.result ?? {};
  if (job.verb === 'publish' && typeof path === 'string') {
    const address = new URL(lakebook.client.address(path), window.location.href).href;
    return [
      { label: 'Open page', callback: () => void window.open(address, '_blank', 'noopener') },
      { label: 'Copy link', callback: () => Clipboard.copyToSystem(address) }
    ];
  }
  if (job.verb === 'ingest' && typeof dataset === 'string' && app.commands.hasCommand(Command.openDataset)) {
    return [{ label: 'Open', callback: () => void app.commands.execute(Command.openDataset, { dataset }) }];
  }
  const { name: model, version } = job.result ?? {};
  if (job.verb === 'train' && typeof model === 'string' && typeof version === 'number' && app.commands.hasCommand(Command.openModel)) {
    return [{ label: 'Open', callback: () => void app.commands.execute(Command.openModel, { model, version }) }];
  }
  return [];
}
