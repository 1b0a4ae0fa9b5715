import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStateDB } from '@jupyterlab/statedb';
import { fileUploadIcon } from '@jupyterlab/ui-components';
import type { Job } from '../api/model';
import { PanelWidget } from '../panel/widget';
import { said } from '../said';
import { Command, ILakebook } from '../tokens';

const DEMO_FOLDER = 'lakebook-demo';
const ACCEPTED = '.csv,.tsv,.txt,.json,.jsonl,.ndjson,.parquet';

/** The sidebar. */
export const panel: JupyterFrontEndPlugin<void> = {
  id: 'lakebook:panel',
  description: 'Adds the sidebar with tables, jobs, models, runs and dashboards.',
  autoStart: true,
  requires: [ILakebook],
  optional: [ILayoutRestorer, IStateDB, ISettingRegistry],
  activate: (
    app: JupyterFrontEnd,
    lakebook: ILakebook,
    restorer: ILayoutRestorer | null,
    state: IStateDB | null,
    settings: ISettingRegistry | null
  ) => {
    const load = (files: File[]): void => {
      app.shell.activateById(widget.id);
      lakebook.work.send(files);
    };
    const loadPaths = (paths: string[]): void => {
      for (const path of paths) {
        start(lakebook, lakebook.client.ingest(app.serviceManager.contents.localPath(path)));
      }
    };
    const widget = new PanelWidget(lakebook, state, load, loadPaths);
    app.shell.add(widget, 'left', { rank: 150, type: 'lakebook' });
    restorer?.add(widget, widget.id);
    addCommands(app, lakebook, widget, load);
    void openAfterLoading(app, lakebook, settings);
  }
};

/** Follows a job from the answer that accepted it; a refusal is said at once. */
function start(lakebook: ILakebook, accepted: Promise<Job>): void {
  void said(accepted).then(job => job && lakebook.work.put(job, true));
}

function addCommands(
  app: JupyterFrontEnd,
  lakebook: ILakebook,
  widget: PanelWidget,
  load: (files: File[]) => void
): void {
  const { commands } = app;
  commands.addCommand(Command.showPanel, {
    label: 'Show lakebook',
    caption: 'Show the sidebar with tables, jobs and models',
    // The palette gives the focus back to the main area as it closes; the panel takes it after that.
    execute: () =>
      new Promise<void>(resolve => {
        window.setTimeout(() => resolve(app.shell.activateById(widget.id)), 0);
      })
  });
  commands.addCommand(Command.load, {
    label: 'Load files…',
    caption: 'Make tables of CSV, JSON lines or Parquet files',
    icon: args => (args['isPalette'] ? undefined : fileUploadIcon),
    execute: () => chooseFiles(load)
  });
  commands.addCommand(Command.demo, {
    label: 'Make demo data',
    caption: 'Make a small shop: orders, customers and products, with real dirt in them',
    execute: () => {
      app.shell.activateById(widget.id);
      return makeDemo(app, lakebook);
    }
  });
  commands.addCommand(Command.refresh, {
    label: 'Read everything again',
    execute: () => lakebook.queries.invalidateQueries()
  });
  commands.addCommand('lakebook:toggle-deleted', {
    label: 'Show or hide deleted tables',
    execute: () => widget.toggleDeleted()
  });
  commands.addCommand('lakebook:settings', {
    label: 'Settings…',
    isVisible: () => commands.hasCommand('settingeditor:open'),
    execute: () => commands.execute('settingeditor:open', { query: 'lakebook' })
  });
}

/** Makes the demo's files, loads its tables and opens its tour. */
async function makeDemo(app: JupyterFrontEnd, lakebook: ILakebook): Promise<void> {
  const made = await said(lakebook.client.demo(DEMO_FOLDER));
  for (const file of made?.files ?? []) {
    if (/^(orders|customers|products)\.csv$/.test(file.path)) {
      start(lakebook, lakebook.client.ingest(`${DEMO_FOLDER}/${file.path}`));
    } else if (/^[^/]*welcome[^/]*\.ipynb$/.test(file.path) && app.commands.hasCommand('docmanager:open')) {
      void app.commands.execute('docmanager:open', { path: `${DEMO_FOLDER}/${file.path}` });
    }
  }
}

function chooseFiles(load: (files: File[]) => void): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  input.accept = ACCEPTED;
  input.onchange = () => load([...(input.files ?? [])]);
  input.click();
}

/** Opens the page of a table that this window has loaded, where the setting says so and it is the only one at work. */
async function openAfterLoading(
  app: JupyterFrontEnd,
  lakebook: ILakebook,
  registry: ISettingRegistry | null
): Promise<void> {
  const settings = await registry?.load('lakebook:panel');
  const wanted = (): boolean => settings?.get('openAfterLoading').composite !== false;
  lakebook.work.finished.connect((work, job) => {
    const id = job.result?.['dataset_id'];
    const isAlone = work.active.length === 0 && work.uploads.length === 0;
    if (typeof id === 'string' && job.verb === 'ingest' && work.isMine(job) && job.status === 'completed') {
      if (wanted() && isAlone && app.commands.hasCommand(Command.openDataset)) {
        void app.commands.execute(Command.openDataset, { dataset: id });
      }
    }
  });
}
