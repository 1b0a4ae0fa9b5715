import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { InputDialog, MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { bookIcon } from '../icons';
import { ModelWidget } from '../models/widget';
import { said } from '../said';
import { Command, ILakebook } from '../tokens';

type Page = MainAreaWidget<ModelWidget>;

/** A model's page: how good it is, a form to try it, its versions. */
export const models: JupyterFrontEndPlugin<void> = {
  id: 'lakebook:models',
  description: 'Shows a model: card, quality, versions, and a form to try it.',
  autoStart: true,
  requires: [ILakebook],
  optional: [IRenderMimeRegistry, ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    lakebook: ILakebook,
    registry: IRenderMimeRegistry | null,
    restorer: ILayoutRestorer | null
  ) => {
    const pages = new WidgetTracker<Page>({ namespace: 'lakebook-model' });
    app.commands.addCommand(Command.openModel, {
      label: 'Open a model…',
      caption: 'Show how good a model is, try it, promote it',
      icon: bookIcon,
      execute: async args => {
        const name = typeof args['model'] === 'string' ? args['model'] : await chosen(lakebook);
        if (name === undefined) {
          return undefined;
        }
        const version = typeof args['version'] === 'number' ? args['version'] : 0;
        const open = pages.find(page => page.content.model === name);
        const page = open ?? new MainAreaWidget({ content: new ModelWidget(lakebook, registry, name, version) });
        if (open) {
          open.content.turnTo(version);
        } else {
          page.id = `lakebook-model-${name}`;
          app.shell.add(page, 'main');
          await pages.add(page);
        }
        app.shell.activateById(page.id);
        return page;
      }
    });
    void restorer?.restore(pages, {
      command: Command.openModel,
      args: page => ({ model: page.content.model }),
      name: page => page.content.model
    });
  }
};

/** The model that a person chooses from those there are. */
async function chosen(lakebook: ILakebook): Promise<string | undefined> {
  const known = await said(lakebook.client.models());
  const names = [...new Set((known ?? []).map(model => model.name))].sort((a, b) => a.localeCompare(b));
  if (!known) {
    return undefined;
  }
  const answer = await InputDialog.getItem({
    title: 'Open a model',
    label: names.length > 0 ? 'Model' : 'There is no model yet: train one from a table’s page.',
    items: names,
    okLabel: 'Open'
  });
  return answer.button.accept && answer.value ? answer.value : undefined;
}
