import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ILauncher } from '@jupyterlab/launcher';
import { Command, ILakebook } from '../tokens';

/** The tiles in the launcher. */
export const launcher: JupyterFrontEndPlugin<void> = {
  id: 'lakebook:launcher',
  description: 'Adds the launcher tiles.',
  autoStart: true,
  requires: [ILakebook, ILauncher],
  activate: (_app: JupyterFrontEnd, _lakebook: ILakebook, tiles: ILauncher) => {
    tiles.add({ command: Command.ask, args: { isLauncher: true }, category: 'lakebook', rank: 0 });
    tiles.add({ command: Command.load, category: 'lakebook', rank: 1 });
  }
};
