import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { AskWidget } from '../ask/widget';
import { bookIcon } from '../icons';
import { named } from '../named';
import { Command, ILakebook } from '../tokens';

/** The page where questions are asked. */
export const ask: JupyterFrontEndPlugin<void> = {
  id: 'lakebook:ask',
  description: 'Answers questions in words.',
  autoStart: true,
  requires: [ILakebook],
  optional: [IRenderMimeRegistry, ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    lakebook: ILakebook,
    registry: IRenderMimeRegistry | null,
    restorer: ILayoutRestorer | null
  ) => {
    const pages = new WidgetTracker<MainAreaWidget<AskWidget>>({ namespace: 'lakebook-ask' });
    app.commands.addCommand(Command.ask, {
      label: args => (args['isLauncher'] ? 'Ask a question' : 'Ask…'),
      caption: 'Ask a question of your tables, in words',
      icon: bookIcon,
      execute: async args => {
        const page = pages.currentWidget ?? new MainAreaWidget({ content: new AskWidget(lakebook, registry) });
        if (!pages.has(page)) {
          page.id = 'lakebook-ask';
          app.shell.add(page, 'main');
          await pages.add(page);
        }
        app.shell.activateById(page.id);
        const question = typeof args['question'] === 'string' ? args['question'] : '';
        page.content.ask(question, question ? '' : named(app, args)?.dataset ?? '');
        return page;
      }
    });
    void restorer?.restore(pages, { command: Command.ask, name: () => 'ask' });
  }
};
