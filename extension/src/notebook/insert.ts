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
  const open = tracker.currentWidget;
  const kernel = open ? undefined : await kernelFor(app);
  const panel = open ?? (await newNotebook(app, kernel));
  if (!panel) {
    return undefined;
  }
  await panel.context.ready;
  await panel.revealed;
  if (kernel !== KERNEL && !knowsMagics(panel)) {
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

/** The kernel of a new notebook: the one with the magics loaded, where it is installed. */
async function kernelFor(app: JupyterFrontEnd): Promise<string> {
  await app.serviceManager.kernelspecs.ready;
  const specs = app.serviceManager.kernelspecs.specs;
  return specs?.kernelspecs[KERNEL] ? KERNEL : specs?.default ?? 'python3';
}

async function newNotebook(app: JupyterFrontEnd, kernelName = KERNEL): Promise<NotebookPanel | undefined> {
  const panel: unknown = await app.commands.execute('notebook:create-new', { kernelName });
  return panel as NotebookPanel | undefined;
}
