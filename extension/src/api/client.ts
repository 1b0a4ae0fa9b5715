import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';
import type {
  AnswerResult,
  AskedQuestion,
  Comparison,
  Contract,
  Dashboard,
  DataProfile,
  Dataset,
  DatasetDetail,
  DemoResult,
  Drift,
  Job,
  Listing,
  Measured,
  ModelCard,
  ModelVersion,
  PredictResult,
  Promotion,
  Rows,
  Run,
  Schedule,
  SemanticChecked,
  SemanticDraft,
  SemanticModel,
  SemanticSummary,
  Stage,
  Synonym,
  ViewedFile
} from './model';
import { answerOf, unreachable } from './problem';

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** The REST door, one method a verb; every failure is a Problem. */
export class Client {
  readonly settings: ServerConnection.ISettings;

  constructor(settings: ServerConnection.ISettings) {
    // With the Lab's `no-store` each address gets a number as a nameless parameter, which the server refuses.
    this.settings = { ...settings, init: { ...settings.init, cache: 'no-cache' } };
  }

  url(...parts: string[]): string {
    return URLExt.join(this.settings.baseUrl, 'lakebook/api/v1', ...parts);
  }

  /** The address of a path that the server gave, such as a page's. */
  address(path: string): string {
    return URLExt.join(this.settings.baseUrl, path);
  }

  async datasets(deleted = false): Promise<Dataset[]> {
    return (await this.get<Listing<Dataset>>(`datasets${deleted ? '?deleted=true' : ''}`)).items;
  }

  dataset(id: string): Promise<DatasetDetail> {
    return this.get(`datasets/${encodeURIComponent(id)}`);
  }

  profile(id: string): Promise<DataProfile> {
    return this.get(`datasets/${encodeURIComponent(id)}/profile`);
  }

  /** Part of a table's rows; `window` says which, in which order, past which filters. */
  datasetRows(id: string, window: object, signal?: AbortSignal): Promise<Rows> {
    return this.send('POST', `datasets/${encodeURIComponent(id)}/rows`, window, signal);
  }

  /** What a file of the Lab holds, without loading it. */
  file(path: string): Promise<ViewedFile> {
    return this.get(`files?path=${encodeURIComponent(path)}`);
  }

  /** Part of a file's rows, without loading it. */
  fileRows(path: string, window: object, signal?: AbortSignal): Promise<Rows> {
    return this.send('POST', 'files/rows', { path, ...window }, signal);
  }

  /** What later loads of a table are held to, and which of its issues are ignored. */
  contract(id: string): Promise<Contract> {
    return this.get(`contracts/${encodeURIComponent(id)}`);
  }

  /** Accepts or ignores an issue of a table, or takes that back. */
  settleIssue(id: string, how: 'accept' | 'ignore' | 'drop', issue: string): Promise<Contract> {
    return this.send('POST', `contracts/${encodeURIComponent(id)}/${how}`, { rules: [issue] });
  }

  rename(id: string, name: string): Promise<Dataset> {
    return this.send('PATCH', `datasets/${encodeURIComponent(id)}`, { name });
  }

  remove(id: string): Promise<Dataset> {
    return this.send('DELETE', `datasets/${encodeURIComponent(id)}`);
  }

  /** Brings a deleted table back, or a standing one back to an older version's content. */
  restore(id: string, version?: number): Promise<Dataset> {
    return this.send('POST', `datasets/${encodeURIComponent(id)}/restore`, version === undefined ? {} : { version });
  }

  ingest(source: string): Promise<Job> {
    return this.send('POST', 'ingest', { source });
  }

  /** Makes the demo's files in a folder of the Lab, or what of them is missing. */
  demo(folder: string): Promise<DemoResult> {
    return this.send('POST', 'demo', { folder, if_absent: true });
  }

  /** Asks a question; one such as "and by month?" goes on from the question of the id `after`. */
  ask(question: string, dataset?: string, after?: string): Promise<AnswerResult> {
    return this.send('POST', 'ask', { question, ...(dataset && { dataset }), ...(after && { after }) });
  }

  /** Keeps a question at hand, or no longer. */
  pin(query: string, off: boolean): Promise<AskedQuestion> {
    return this.send('POST', `questions/${encodeURIComponent(query)}/pin`, { off });
  }

  /** Says that an answer is right, or wrong and why. */
  verify(query: string, wrong: boolean, fault = ''): Promise<AskedQuestion> {
    return this.send('POST', `questions/${encodeURIComponent(query)}/verify`, { wrong, fault });
  }

  /** Lets questions that the parser does not understand go to a language model. */
  allowModel(which: string): Promise<unknown> {
    return this.send('POST', 'llm/allow', { which });
  }

  renameQuestion(query: string, name: string): Promise<AskedQuestion> {
    return this.send('PATCH', `questions/${encodeURIComponent(query)}`, { name });
  }

  shareQuestion(query: string, off: boolean): Promise<AskedQuestion> {
    return this.send('POST', `questions/${encodeURIComponent(query)}/share`, { off });
  }

  /** Lets a word mean a table, a column, a metric or a value. */
  defineWord(word: string, means: string): Promise<Synonym> {
    return this.send('POST', 'semantics/synonyms', { word, means });
  }

  /** The semantic models that speak of a table, or all. */
  async semantics(dataset?: string): Promise<SemanticSummary[]> {
    const query = dataset === undefined ? '' : `?dataset=${encodeURIComponent(dataset)}`;
    return (await this.get<Listing<SemanticSummary>>(`semantics${query}`)).items;
  }

  semanticModel(model: string): Promise<SemanticModel> {
    return this.get(`semantics/${encodeURIComponent(model)}`);
  }

  /** A first draft of a table's semantic model; nothing is kept. */
  draftSemantics(dataset: string): Promise<SemanticDraft> {
    return this.get(`datasets/${encodeURIComponent(dataset)}/semantics`);
  }

  /** Keeps a semantic model, or only says what is wrong with it. */
  loadSemantics(document: string, check: boolean): Promise<SemanticChecked> {
    return this.send('POST', 'semantics', { document, check });
  }

  deleteSemantics(model: string): Promise<SemanticSummary> {
    return this.send('DELETE', `semantics/${encodeURIComponent(model)}`);
  }

  /** How answers about a table fared in evaluations and self tests, newest first. */
  async evaluations(dataset: string): Promise<Measured[]> {
    return (await this.get<Listing<Measured>>(`evaluations?dataset=${encodeURIComponent(dataset)}`)).items;
  }

  /** Asks a table questions whose answers must agree; a job. */
  selftest(dataset: string): Promise<Job> {
    return this.send('POST', 'ask/selftest', { dataset });
  }

  async models(): Promise<ModelVersion[]> {
    return (await this.get<Listing<ModelVersion>>('models')).items;
  }

  /** What to mind of a model, how to use it, and its pictures. */
  modelCard(model: string): Promise<ModelCard> {
    return this.get(`models/${encodeURIComponent(model)}/card`);
  }

  /** Predicts one row and says what each feature adds. */
  predict(model: string, features: Record<string, unknown>): Promise<PredictResult> {
    return this.send('POST', 'predict', { model, features, explain: true });
  }

  /** Moves a version to another stage; a champion must be better, or forced with a reason. */
  promote(model: string, to: Stage, force: boolean, reason: string): Promise<Promotion> {
    return this.send('POST', `models/${encodeURIComponent(model)}/promote`, { to, force, ...(reason ? { reason } : {}) });
  }

  /** Compares two versions on the rows held out from the newer one. */
  compare(model: string, other: string): Promise<Comparison> {
    return this.send('POST', `models/${encodeURIComponent(model)}/compare`, { other });
  }

  /** How rows differ from those that a model learnt from: the rows it was asked, or a table's. */
  drift(model: string, dataset?: string): Promise<Drift> {
    const query = dataset === undefined ? '' : `?dataset=${encodeURIComponent(dataset)}`;
    return this.get(`models/${encodeURIComponent(model)}/drift${query}`);
  }

  async runs(): Promise<Run[]> {
    return (await this.get<Listing<Run>>('runs')).items;
  }

  async schedules(): Promise<Schedule[]> {
    return (await this.get<Listing<Schedule>>('schedules')).items;
  }

  schedule(notebook: string, cron: string): Promise<Schedule> {
    return this.send('POST', 'schedules', { notebook, cron });
  }

  unschedule(id: string): Promise<Schedule> {
    return this.send('DELETE', `schedules/${encodeURIComponent(id)}`);
  }

  run(notebook: string): Promise<Job> {
    return this.send('POST', 'runs', { notebook, parameters: {} });
  }

  async dashboards(): Promise<Dashboard[]> {
    return (await this.get<Listing<Dashboard>>('dashboards')).items;
  }

  publish(notebook: string): Promise<Job> {
    return this.send('POST', 'dashboards/publish', { notebook });
  }

  unpublish(id: string): Promise<Dashboard> {
    return this.send('DELETE', `dashboards/${encodeURIComponent(id)}`);
  }

  async jobs(): Promise<Job[]> {
    return (await this.get<Listing<Job>>('jobs')).items;
  }

  job(id: string): Promise<Job> {
    return this.get(`jobs/${encodeURIComponent(id)}`);
  }

  cancel(id: string): Promise<Job> {
    return this.send('POST', `jobs/${encodeURIComponent(id)}/cancel`, {});
  }

  retry(id: string): Promise<Job> {
    return this.send('POST', `jobs/${encodeURIComponent(id)}/retry`, {});
  }

  private get<T>(path: string): Promise<T> {
    return this.send('GET', path);
  }

  private async send<T>(method: Method, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
    const init: RequestInit = { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }), ...(signal ? { signal } : {}) };
    let response: Response;
    try {
      response = await ServerConnection.makeRequest(this.url(path), init, this.settings);
    } catch {
      throw unreachable();
    }
    const answer = await response.text();
    return answerOf<T>(response.status, answer);
  }
}
