import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { QueryClient } from '@tanstack/react-query';
import { Client } from '../api/client';
import { Live } from '../api/live';
import { asProblem } from '../api/problem';
import { ILakebook } from '../tokens';
import { Work } from '../work';

/** What every other feature stands on. */
export const session: JupyterFrontEndPlugin<ILakebook> = {
  id: 'lakebook:session',
  description: 'Speaks with the lakebook server.',
  autoStart: true,
  provides: ILakebook,
  activate: (app: JupyterFrontEnd): ILakebook => {
    const client = new Client(app.serviceManager.serverSettings);
    const queries = new QueryClient({
      defaultOptions: {
        queries: {
          networkMode: 'always',
          staleTime: 30_000,
          retry: (failures, thrown) => failures < 2 && asProblem(thrown).code === 'unreachable'
        }
      }
    });
    const work = new Work(client);
    const live = new Live(client);
    live.job.connect((_, job) => work.put(job));
    live.datasets.connect(() => {
      void queries.invalidateQueries({ queryKey: ['datasets'] });
      void queries.invalidateQueries({ queryKey: ['dataset'] });
    });
    work.finished.connect(() => void queries.invalidateQueries());
    return { client, queries, live, work, commands: app.commands };
  }
};
