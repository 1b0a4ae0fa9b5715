import type { CommandRegistry } from '@lumino/commands';
import { Token } from '@lumino/coreutils';
import type { QueryClient } from '@tanstack/react-query';
import type { Client } from './api/client';
import type { Live } from './api/live';
import type { Work } from './work';

/** What the features share: the server, what it said last, and the work under way. */
export interface ILakebook {
  readonly client: Client;
  readonly queries: QueryClient;
  readonly live: Live;
  readonly work: Work;
  readonly commands: CommandRegistry;
}

export const ILakebook = new Token<ILakebook>('lakebook:ILakebook', 'The server and the work that the features share.');

/** The commands, by what they do. A disabled feature's command does not exist, and its buttons hide. */
export const Command = {
  showPanel: 'lakebook:show-panel',
  load: 'lakebook:load',
  demo: 'lakebook:demo',
  refresh: 'lakebook:refresh',
  ask: 'lakebook:ask',
  openDataset: 'lakebook:open-dataset',
  renameDataset: 'lakebook:rename-dataset',
  deleteDataset: 'lakebook:delete-dataset',
  openModel: 'lakebook:open-model',
  trainModel: 'lakebook:train-model',
  insertSql: 'lakebook:insert-sql',
  insertCell: 'lakebook:insert-cell',
  ingestFile: 'lakebook:ingest-file',
  scheduleNotebook: 'lakebook:schedule-notebook',
  publishNotebook: 'lakebook:publish-notebook',
  openPage: 'lakebook:open-page'
} as const;
