import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { InputDialog, MainAreaWidget, Notification, WidgetTracker } from '@jupyterlab/apputils';
import { deleteIcon, editIcon } from '@jupyterlab/ui-components';
import { DatasetWidget } from '../dataset/widget';
import { bookIcon } from '../icons';
import { type Named, named } from '../named';
import { said } from '../said';
import { Command, ILakebook } from '../tokens';

type Page = MainAreaWidget<DatasetWidget>;

/** A table's page, and what can be done with a table. */
export const dataset: JupyterFrontEndPlugin<void> = {
  id: 'lakebook:dataset',
  description: 'Shows a table: preview, columns, issues, versions, lineage.',
  autoStart: true,
  requires: [ILakebook],
  optional: [ILayoutRestorer],
  activate: (app: JupyterFrontEnd, lakebook: ILakebook, restorer: ILayoutRestorer | null) => {
    const pages = new WidgetTracker<Page>({ namespace: 'lakebook-dataset' });
    addOpening(app, lakebook, pages);
    addChanging(app, lakebook, pages);
    void restorer?.restore(pages, {
      command: Command.openDataset,
      args: page => ({ dataset: page.content.datasetId, name: page.content.title.label }),
      name: page => page.content.datasetId
    });
  }
};

function addOpening(app: JupyterFrontEnd, lakebook: ILakebook, pages: WidgetTracker<Page>): void {
  app.commands.addCommand(Command.openDataset, {
    label: 'Open',
    icon: bookIcon,
    execute: async args => {
      const about = named(app, args);
      if (!about) {
        return undefined;
      }
      const tab = typeof args['tab'] === 'string' ? args['tab'] : undefined;
      const open = pages.find(page => page.content.datasetId === about.dataset);
      if (open && tab === undefined) {
        app.shell.activateById(open.id);
        return open;
      }
      open?.dispose();
      const content = new DatasetWidget(lakebook, about.dataset, about.name, tab ?? 'preview');
      const page: Page = new MainAreaWidget({ content });
      page.id = `lakebook-dataset-${about.dataset}`;
      app.shell.add(page, 'main');
      await pages.add(page);
      app.shell.activateById(page.id);
      return page;
    }
  });
}

function addChanging(app: JupyterFrontEnd, lakebook: ILakebook, pages: WidgetTracker<Page>): void {
  const refresh = (): Promise<void> => lakebook.queries.invalidateQueries();
  app.commands.addCommand(Command.renameDataset, {
    label: 'Rename…',
    icon: editIcon,
    execute: async args => {
      const about = named(app, args);
      const answer = about && (await InputDialog.getText({ title: 'Rename the table', text: about.name, okLabel: 'Rename' }));
      if (about && answer?.button.accept && answer.value && answer.value !== about.name) {
        await said(lakebook.client.rename(about.dataset, answer.value));
        await refresh();
      }
    }
  });
  app.commands.addCommand(Command.deleteDataset, {
    label: 'Delete',
    icon: deleteIcon,
    execute: async args => {
      const about = named(app, args);
      if (about && (await said(lakebook.client.remove(about.dataset)))) {
        pages.find(page => page.content.datasetId === about.dataset)?.dispose();
        await refresh();
        offerUndo(lakebook, about, refresh);
      }
    }
  });
}

function offerUndo(lakebook: ILakebook, about: Named, refresh: () => Promise<void>): void {
  const undo = async (): Promise<void> => {
    await said(lakebook.client.restore(about.dataset));
    await refresh();
  };
  Notification.info(`Deleted ${about.name}. It can be brought back for 7 days.`, {
    autoClose: 10_000,
    actions: [{ label: 'Undo', callback: () => void undo() }]
  });
}
