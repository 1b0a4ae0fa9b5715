import type { ModelVersion } from '../api/model';
import { count } from '../words/numbers';

const METRICS: Readonly<Record<string, string>> = {
  accuracy: 'accuracy',
  balanced_accuracy: 'balanced accuracy',
  precision: 'precision',
  recall: 'recall',
  f1: 'F1',
  roc_auc: 'AUC',
  log_loss: 'log loss',
  rmse: 'RMSE',
  mae: 'MAE',
  r2: 'R²'
};

const BASELINES: Readonly<Record<string, string>> = {
  constant: 'always the same answer',
  linear: 'a linear model',
  lightgbm: 'LightGBM as it comes'
};

const KINDS: Readonly<Record<ModelVersion['problem_kind'], string>> = {
  binary: 'one of two classes',
  multiclass: 'one of several classes',
  regression: 'an amount'
};

const digits = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });

/** A score or a statistic of a model: four figures say all that the rows can tell. */
export const figures = (value: number): string =>
  (Math.abs(value) >= 10_000 ? count(value) : digits.format(value)).replace('-', '−');

/** "0.77 to 0.88" */
export const between = ([low, high]: readonly [number, number]): string => `${figures(low)} to ${figures(high)}`;

const fewer = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

/** A difference, to three figures: "+0.12", "−0.03" */
export const signed = (value: number): string => `${value < 0 ? '−' : '+'}${fewer.format(Math.abs(value))}`;

/** "+0.113 to +0.28" */
export const signedBetween = ([low, high]: readonly [number, number]): string => `${signed(low)} to ${signed(high)}`;

/** The name of a metric as people say it. */
export const metricWords = (name: string): string => METRICS[name] ?? name.replace(/_/g, ' ');

export const baselineWords = (name: string): string => BASELINES[name] ?? name.replace(/_/g, ' ');

/** A class or a value as it is written: numbers ungrouped, for a class is a name. */
export const label = (value: unknown): string => {
  if (value === null || value === undefined) {
    return '∅';
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
};

/** What the model answers with: "one of two classes: no, yes". */
export function answersWith(model: ModelVersion): string {
  const classes = model.classes.slice(0, 8).map(label).join(', ');
  const more = model.classes.length > 8 ? ` and ${count(model.classes.length - 8)} more` : '';
  return model.problem_kind === 'regression' ? KINDS.regression : `${KINDS[model.problem_kind]}: ${classes}${more}`;
}

/** The version as a verb takes it. */
export const reference = ({ name, version }: Pick<ModelVersion, 'name' | 'version'>): string => `${name}@${version}`;
