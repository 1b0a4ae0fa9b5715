import type { components } from './types';

type Schemas = components['schemas'];

export type Dataset = Schemas['Dataset'];
export type DatasetDetail = Schemas['DatasetDetail-Output'];
export type DataProfile = Schemas['DataProfile-Output'];
export type ColumnProfile = Schemas['ColumnProfile-Output'];
export type QualityIssue = Schemas['QualityIssue-Output'];
export type ViewedFile = Schemas['ViewedFile-Output'];
export type Rows = Schemas['Rows'];
export type Contract = Schemas['Contract'];
export type Job = Schemas['Job'];
export type AnswerResult = Schemas['AnswerResult'];
export type AskedQuestion = Schemas['AskedQuestion'];
export type SemanticSummary = Schemas['ModelSummary'];
export type SemanticModel = Schemas['ModelDetail'];
export type SemanticChecked = Schemas['ModelChecked'];
export type SemanticDraft = Schemas['ModelDocument'];
export type Measured = Schemas['Measured'];
export type Synonym = Schemas['Synonym'];
export type ModelVersion = Schemas['ModelVersion'];
export type ModelCard = Schemas['ModelCard'];
export type Comparison = Schemas['Comparison'];
export type Promotion = Schemas['Promotion'];
export type Stage = Promotion['to'];
export type Drift = Schemas['Drift'];
export type PredictResult = Schemas['PredictResult'];
export type Run = Schemas['Run'];
export type Schedule = Schemas['Schedule'];
export type DemoResult = Schemas['DemoResult'];
export type Dashboard = Schemas['Dashboard'];

export interface Listing<T> {
  items: T[];
}

/** How a load treats a name that is taken. */
export type LoadMode = 'fail' | 'replace' | 'append';

export const isFinal = (job: Job): boolean => job.status !== 'queued' && job.status !== 'processing';
