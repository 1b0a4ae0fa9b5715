import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStateDB } from '@jupyterlab/statedb';
import { addIcon } from '@jupyterlab/ui-components';
import { asProblem } from '../api/problem';
import { PanelWidget } from '../panel/widget';
import { Command, ILakebook } from '../tokens';

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
function start(lakebook: ILakebook, accepted: ReturnType<ILakebook['client']['ingest']>): void {
  accepted.then(
    job => lakebook.work.put(job, true),
    (thrown: unknown) => {
      const problem = asProblem(thrown);
      Notification.error(`${problem.message} ${problem.hint}`.trim(), { autoClose: 10_000 });
    }
  );
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
    execute: () => {
      app.shell.activateById(widget.id);
      widget.focusBox();
    }
  });
  commands.addCommand(Command.load, {
    label: 'Load files…',
    caption: 'Make tables of CSV, JSON lines or Parquet files',
    icon: addIcon,
    execute: () => chooseFiles(load)
  });
  commands.addCommand(Command.demo, {
    label: 'Make demo data',
    caption: 'Make a small shop: orders, customers and products, with real dirt in them',
    execute: () => {
      app.shell.activateById(widget.id);
      start(lakebook, lakebook.client.demo());
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
