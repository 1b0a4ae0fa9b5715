/** A model as tests need it: a plausible one, each field open to change. */
import type { ModelVersion } from '../src/api/model.ts';

export const model = (facts: Partial<ModelVersion> = {}): ModelVersion =>
  ({
    model_id: 'm-1',
    name: 'survived',
    version: 2,
    aliases: ['champion'],
    mlflow_run_id: 'r-1',
    dataset_id: 'ds-passengers',
    dataset_name: 'passengers',
    dataset_version: 1,
    dataset_hash: null,
    target_column: 'alive',
    problem_type: 'classification',
    problem_kind: 'binary',
    classes: ['no', 'yes'],
    positive_class: 'yes',
    engine: 'autogluon',
    engine_version: '1.4.0',
    winner: 'WeightedEnsemble_L2',
    features: [
      { name: 'age', type: 'number' },
      { name: 'siblings', type: 'integer' },
      { name: 'paid', type: 'boolean' },
      { name: 'port', type: 'text' },
      { name: 'born', type: 'date' },
      { name: 'boarded', type: 'timestamp' }
    ],
    excluded: [],
    findings: [],
    split: { kind: 'random', column: null, rows: 178, duplicates: 0, since: null },
    metrics: { balanced_accuracy: 0.81234, roc_auc: 0.87 },
    score_metric: 'balanced_accuracy',
    score: 0.81234,
    score_interval: [0.75, 0.87],
    baselines: [
      { name: 'constant', metrics: {}, score: 0.5, score_interval: [0.5, 0.5], difference: 0.31, difference_interval: [0.2, 0.4], beaten: true },
      { name: 'linear', metrics: {}, score: 0.82, score_interval: [0.75, 0.88], difference: -0.01, difference_interval: [-0.05, 0.03], beaten: false }
    ],
    verdict: 'Better than the baseline.',
    leaderboard: [
      { model: 'WeightedEnsemble_L2', score: 0.83, fit_seconds: 0.1 },
      { model: 'HistGradientBoosting', score: null, fit_seconds: 1.5 }
    ],
    curve: [],
    evaluation: null,
    rows_trained: 713,
    rows_held_out: 178,
    rows_dropped: 0,
    notes: [],
    input_example: { age: 31.5, siblings: 0, paid: true, port: 'Cherbourg', born: '1881-04-02', boarded: '1912-04-10T12:00:00Z' },
    time_limit: 60,
    seed: 0,
    stopped_early: false,
    training_time_seconds: 41.2,
    created_at: '2026-01-10T10:00:00Z',
    user_id: 'ada',
    ...facts
  });
