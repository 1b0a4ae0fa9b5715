/** Things of the server as tests need them: plausible ones, each field open to change, and texts that mean harm. */
import { CommandRegistry } from '@lumino/commands';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { QueryClient } from '@tanstack/react-query';
import type { Live } from '../src/api/live.ts';
import type {
  AnswerResult,
  ColumnProfile,
  Dashboard,
  DataProfile,
  Dataset,
  DatasetDetail,
  Job,
  Run,
  Rows,
  Schedule,
  ViewedFile
} from '../src/api/model.ts';
import type { ILakebook } from '../src/tokens.ts';
import { Work } from '../src/work.ts';
import { FakeServer } from './fakes/server.ts';

const EARLY = '2026-01-10T09:00:00Z';
const LATER = '2026-01-10T10:00:00Z';

export const dataset = (facts: Partial<Dataset> = {}): Dataset => ({
  dataset_id: 'ds-orders',
  name: 'orders',
  layer: 'bronze',
  source_type: 'csv',
  s3_key: '',
  version: 3,
  row_count: 541_909,
  column_count: 8,
  size_bytes: 45_200_000,
  quality_score: 0.836,
  user_id: 'ada',
  created_at: EARLY,
  updated_at: LATER,
  deleted_at: null,
  ...facts
});

export const column = (facts: Partial<ColumnProfile> = {}): ColumnProfile =>
  ({
    name: 'Quantity',
    label: 'Quantity',
    data_type: 'BIGINT',
    null_count: 0,
    null_percentage: 0,
    unique_count: 722,
    unique_exact: true,
    min_value: -80_995,
    max_value: 80_995,
    mean: 9.552_249_5,
    std_dev: 218.08,
    top_values: [],
    histogram: [],
    money: null,
    notes: [],
    personal: null,
    zero_count: null,
    negative_count: null,
    quantiles: null,
    lengths: null,
    patterns: null,
    case_variants: null,
    outlier_count: null,
    outlier_bounds: null,
    type: 'BIGINT',
    min: null,
    max: null,
    ...facts
  }) as ColumnProfile;

export const profile = (facts: Partial<DataProfile> = {}): DataProfile => ({
  dataset_id: 'ds-orders',
  name: 'orders',
  version: 3,
  row_count: 541_909,
  column_count: 8,
  duplicate_rows: 5_268,
  duplicate_groups: 4_879,
  columns: [column()],
  quality_score: 0.836,
  score_parts: [],
  issues: [],
  generated_at: LATER,
  against: null,
  ...facts
});

export const detail = (facts: Partial<DatasetDetail> = {}): DatasetDetail => ({
  ...dataset(),
  profile: profile(),
  preview: [],
  versions: [],
  lineage: [],
  ...facts
});

/** Rows of a table in which each value says its place: row `r` of column `c` is "r.c". */
export const rows = (offset: number, limit: number, columns = 2, facts: Partial<Rows> = {}): Rows => ({
  offset,
  columns: Array.from({ length: columns }, (_, index) => ({ name: `c${index}`, type: '' })),
  rows: Array.from({ length: limit }, (_, row) => Array.from({ length: columns }, (_, column) => `${offset + row}.${column}`)),
  row_count: 1_000,
  rows_known: 1_000,
  counted: 1,
  preparing: null,
  ...facts
});

export const file = (facts: Partial<ViewedFile> = {}): ViewedFile => ({
  path: 'data/orders.csv',
  name: 'orders.csv',
  format: 'csv',
  size_bytes: 131_000_000,
  version: 'v1',
  row_count: 1_000,
  rows_known: 1_000,
  counted: 1,
  column_count: 2,
  columns: [column({ name: 'c0', label: 'c0' }), column({ name: 'c1', label: 'c1', data_type: 'VARCHAR' })],
  sampled_rows: 1_000,
  dialect: { format: 'csv', delimiter: ',', quote: '"', escape: null, encoding: 'utf-8', header: true, decimal: null, skipped_lines: 0 },
  sortable: true,
  ...facts
});

export const job = (facts: Partial<Job> = {}): Job => ({
  job_id: 'j-1',
  user_id: 'ada',
  job_type: 'ingestion',
  verb: 'ingest',
  title: 'orders.csv',
  status: 'processing',
  progress: 61,
  message: 'Reading rows',
  facts: {},
  error_message: null,
  error: null,
  failure: null,
  result: null,
  s3_key: null,
  request_id: 'r-9',
  attempts: 1,
  priority: 'normal',
  created_at: EARLY,
  started_at: EARLY,
  updated_at: EARLY,
  metadata: {},
  ...facts
});

export const answer = (facts: Partial<AnswerResult> = {}): AnswerResult => ({
  help: null,
  offers: null,
  repairs: null,
  age_seconds: null,
  stale_since: null,
  query_id: 'q-1',
  status: 'answered',
  source: 'parser',
  question: 'revenue by country',
  reading: 'revenue by Country',
  sql: 'SELECT Country, sum(revenue) FROM orders GROUP BY 1',
  columns: [{ name: 'Country', type: 'VARCHAR' }, { name: 'revenue', type: 'DECIMAL(18,2)' }],
  results: [{ Country: 'Netherlands', revenue: '285446.34' }],
  row_count: 1,
  truncated: false,
  sentence: 'Netherlands leads with 285,446.34.',
  explanation: '',
  chart: null,
  words: [],
  suggestions: [],
  datasets: [{ name: 'orders', version: 3 }],
  execution_time_ms: 38,
  ...facts
});

export const run = (facts: Partial<Run> = {}): Run => ({
  run_id: 'run-1',
  notebook: 'reports/daily.ipynb',
  parameters: {},
  status: 'completed',
  output: null,
  failed_cell: null,
  error: null,
  results: {},
  schedule_id: null,
  job_id: null,
  user_id: 'ada',
  created_at: EARLY,
  started_at: EARLY,
  ended_at: '2026-01-10T09:01:12Z',
  ...facts
});

export const schedule = (facts: Partial<Schedule> = {}): Schedule => ({
  schedule_id: 's-1',
  name: 'daily',
  notebook: 'reports/daily.ipynb',
  cron: '0 6 * * *',
  timezone: 'Europe/Berlin',
  parameters: {},
  next_at: null,
  last_at: null,
  user_id: 'ada',
  created_at: EARLY,
  ...facts
});

export const dashboard = (facts: Partial<Dashboard> = {}): Dashboard => ({
  dashboard_id: 'd-1',
  name: 'Sales',
  notebook: 'sales.ipynb',
  user_id: 'ada',
  visualizations: [],
  layout: {},
  version: 4,
  shared: false,
  created_at: EARLY,
  updated_at: LATER,
  ...facts
});

/** Names that break what is careless: long, right to left, composed, like markup, like a path, like a formula. */
export const HOSTILE: readonly string[] = [
  'n'.repeat(200),
  'מכירות לפי אזור',
  'ventes \u202Eגאג',
  '👩🏽‍🔬 résumé 🧪',
  '<img src=x onerror=alert(1)>',
  '"quoted" & \'single\' </td>',
  '../../etc/passwd',
  '=cmd|calc',
  '__proto__',
  'a\nb\tc'
];

/** Commands that keep what they were run with. */
export function commandsOf(ids: readonly string[]): { commands: CommandRegistry; ran: [string, ReadonlyPartialJSONObject][] } {
  const commands = new CommandRegistry();
  const ran: [string, ReadonlyPartialJSONObject][] = [];
  for (const id of ids) {
    commands.addCommand(id, { label: id, execute: args => void ran.push([id, args]) });
  }
  return { commands, ran };
}

export interface Given extends ILakebook {
  server: FakeServer;
  ran: [string, ReadonlyPartialJSONObject][];
}

/** What the features share, with a server that answers by hand and the named commands. */
export function lakebook(ids: readonly string[] = [], server = new FakeServer()): Given {
  const queries = new QueryClient({
    defaultOptions: {
      queries: { retryOnMount: false, retry: false, staleTime: Infinity, gcTime: Infinity },
      mutations: { gcTime: Infinity }
    }
  });
  const live = {} as unknown as Live;
  return { client: server.client, work: new Work(server.client), queries, live, server, ...commandsOf(ids) };
}

/** Makes a query of the cache fail as it would when the server refuses. */
export async function failed(given: Given, queryKey: readonly unknown[], thrown: unknown): Promise<void> {
  await given.queries.query({ queryKey, queryFn: () => Promise.reject(thrown as Error) }).catch(() => undefined);
}
