import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IStatusBar } from '@jupyterlab/statusbar';
import { Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';
import { Command, ILakebook } from '../tokens';
import { plural } from '../words/numbers';

/** The count of running jobs in the status bar. */
export const status: JupyterFrontEndPlugin<void> = {
  id: 'lakebook:status',
  description: 'Counts running jobs in the status bar.',
  autoStart: true,
  requires: [ILakebook, IStatusBar],
  activate: (app: JupyterFrontEnd, lakebook: ILakebook, bar: IStatusBar) => {
    const node = document.createElement('button');
    node.type = 'button';
    node.className = 'lb-status';
    node.title = 'Show the jobs of lakebook';
    node.onclick = () => {
      if (app.commands.hasCommand(Command.showPanel)) {
        void app.commands.execute(Command.showPanel);
      }
    };
    const item = new Widget({ node });
    const activeChanged = new Signal<Widget, void>(item);
    const running = (): number => lakebook.work.active.length + lakebook.work.uploads.length;
    lakebook.work.changed.connect(() => {
      node.textContent = `lakebook: ${plural(running(), 'job')}`;
      activeChanged.emit();
    });
    bar.registerStatusItem('lakebook:status', {
      item,
      align: 'left',
      rank: 10,
      isActive: () => running() > 0,
      activeStateChanged: activeChanged
    });
  }
};
