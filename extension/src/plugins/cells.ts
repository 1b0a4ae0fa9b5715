import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { InputDialog } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { codeIcon, runIcon } from '@jupyterlab/ui-components';
import { insertCell } from '../notebook/insert';
import { named } from '../named';
import { said } from '../said';
import { Command, ILakebook } from '../tokens';
import { openCell, sqlCell, trainCell } from '../words/cells';

/** Writes cells into notebooks: the statement of an answer, a table's rows, a training. */
export const cells: JupyterFrontEndPlugin<void> = {
  id: 'lakebook:cells',
  description: 'Inserts lakebook cells into notebooks.',
  autoStart: true,
  requires: [ILakebook, INotebookTracker],
  activate: (app: JupyterFrontEnd, lakebook: ILakebook, tracker: INotebookTracker) => {
    app.commands.addCommand(Command.insertCell, {
      label: 'Insert as cell',
      icon: codeIcon,
      isVisible: () => false,
      execute: args => {
        const { source, sql } = args;
        const text = typeof source === 'string' ? source : typeof sql === 'string' ? sqlCell(sql) : undefined;
        return text === undefined ? undefined : insertCell(app, tracker, text);
      }
    });
    app.commands.addCommand(Command.insertSql, {
      label: 'Open SQL cell',
      icon: codeIcon,
      execute: args => {
        const about = named(app, args);
        return about ? insertCell(app, tracker, openCell(about.layer, about.name)) : undefined;
      }
    });
    app.commands.addCommand(Command.trainModel, {
      label: 'Train a model…',
      icon: runIcon,
      execute: async args => {
        const about = named(app, args);
        const profile = about && (await said(lakebook.client.profile(about.dataset)));
        if (!about || !profile) {
          return;
        }
        const answer = await InputDialog.getItem({
          title: `Train a model on ${about.name}`,
          label: 'Column to predict',
          items: profile.columns.map(column => column.name),
          okLabel: 'Insert cell'
        });
        if (answer.button.accept && answer.value) {
          await insertCell(app, tracker, trainCell(about.name, answer.value));
        }
      }
    });
  }
};
