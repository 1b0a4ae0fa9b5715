import type { JupyterFrontEnd } from '@jupyterlab/application';
import { type INotebookTracker, type NotebookPanel, NotebookActions } from '@jupyterlab/notebook';
import { loadsMagics } from '../words/cells';

const KERNEL = 'lakebook';

/** Writes a code cell below the active one of the current notebook, or into a new notebook; returns the notebook. */
export async function insertCell(
  app: JupyterFrontEnd,
  tracker: INotebookTracker,
  source: string
): Promise<NotebookPanel | undefined> {
  const known = tracker.currentWidget;
  const panel = known ?? (await newNotebook(app));
  if (!panel) {
    return undefined;
  }
  await panel.context.ready;
  await panel.revealed;
  if (!knowsMagics(panel)) {
    put(panel, '%load_ext lakebook');
  }
  put(panel, source);
  app.shell.activateById(panel.id);
  return panel;
}

function knowsMagics(panel: NotebookPanel): boolean {
  const metadata = panel.model?.getMetadata('kernelspec') as { name?: string } | undefined;
  const kernel = panel.sessionContext.session?.kernel?.name ?? metadata?.name ?? panel.sessionContext.kernelPreference.name;
  const sources = [...(panel.model?.cells ?? [])].map(cell => cell.sharedModel.getSource());
  return kernel === KERNEL || loadsMagics(sources);
}

/** Fills the active cell where it is empty, else adds one below it. */
function put(panel: NotebookPanel, source: string): void {
  const { content } = panel;
  const active = content.activeCell;
  if (!active || active.model.type !== 'code' || active.model.sharedModel.getSource().trim() !== '') {
    NotebookActions.insertBelow(content);
  }
  content.activeCell?.model.sharedModel.setSource(source);
}

async function newNotebook(app: JupyterFrontEnd): Promise<NotebookPanel | undefined> {
  await app.serviceManager.kernelspecs.ready;
  const specs = app.serviceManager.kernelspecs.specs;
  const kernelName = specs?.kernelspecs[KERNEL] ? KERNEL : specs?.default ?? 'python3';
  const panel: unknown = await app.commands.execute('notebook:create-new', { kernelName });
  return panel as NotebookPanel | undefined;
}
