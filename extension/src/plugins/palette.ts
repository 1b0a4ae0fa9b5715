import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { Command, ILakebook } from '../tokens';

const LISTED = [
  Command.showPanel,
  Command.ask,
  Command.openModel,
  Command.load,
  Command.demo,
  Command.refresh,
  'lakebook:toggle-deleted',
  'lakebook:settings'
];

/** The commands in the palette. */
export const palette: JupyterFrontEndPlugin<void> = {
  id: 'lakebook:palette',
  description: 'Lists the commands in the palette.',
  autoStart: true,
  requires: [ILakebook, ICommandPalette],
  activate: (_app: JupyterFrontEnd, _lakebook: ILakebook, list: ICommandPalette) => {
    LISTED.forEach((command, rank) => list.addItem({ command, category: 'lakebook', rank }));
  }
};
