import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ILauncher } from '@jupyterlab/launcher';
import { Command, ILakebook } from '../tokens';

/** The tile in the launcher. */
export const launcher: JupyterFrontEndPlugin<void> = {
  id: 'lakebook:launcher',
  description: 'Adds the launcher tile.',
  autoStart: true,
  requires: [ILakebook, ILauncher],
  activate: (_app: JupyterFrontEnd, _lakebook: ILakebook, tiles: ILauncher) => {
    tiles.add({ command: Command.ask, args: { isLauncher: true }, category: 'Other', rank: 0 });
  }
};
