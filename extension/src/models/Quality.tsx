import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { ReactElement } from 'react';
import type { ModelVersion } from '../api/model';
import { count, percent, plural } from '../words/numbers';
import { Part, Table } from './Facts';
import { Picture } from './Pictures';
import { between, figures, metricWords, signed } from './words';

export type Evaluation = NonNullable<ModelVersion['evaluation']>;

interface QualityProps {
  model: ModelVersion;
  registry: IRenderMimeRegistry | null;
}

/** Where the model errs, how far its probabilities can be trusted, and what it goes by. */
export function Quality({ model, registry }: QualityProps): ReactElement {
  const found = model.evaluation;
  if (!found) {
    return <p className="lb-quiet">This version was trained before errors, importance and segments were kept. Train again to see them.</p>;
  }
  const picture = (name: string): ReactElement => <Picture model={model} name={name} registry={registry} />;
  const metric = metricWords(model.score_metric);
  const residuals = found.residuals ?? [];
  const calibration = found.calibration ?? [];
  const importance = [...(found.importance ?? [])].sort((a, b) => b.loss - a.loss);
  return (
    <div className="lb-parts">
      {found.confusion && (
        <Part title="Where it errs">
          <p className="lb-quiet">{errsMost(found.confusion)}</p>
          <Confusion confusion={found.confusion} />
        </Part>
      )}
      {residuals.length > 0 && (
        <Part title="How far it is off">
          <p className="lb-quiet">{offBy(residuals, model.target_column)}</p>
          {picture('residuals')}
        </Part>
      )}
      {calibration.length > 0 && (
        <Part title="How far its probabilities can be trusted">
          <p className="lb-quiet">On the dashed line, “80 % sure” is right in 80 of 100 rows; below it, the model is too sure.</p>
          {picture('calibration')}
          <Table
            label="Calibration"
            heads={['How sure', 'Rows', 'How often right']}
            numbers={[1, 2]}
            rows={calibration.map(bin => [percent(bin.predicted * 100), count(bin.rows), percent(bin.observed * 100)])}
          />
        </Part>
      )}
      {importance.length > 0 && (
        <Part title="What it goes by">
          <p className="lb-quiet">
            What {metric} loses on {plural(found.importance_rows, 'row')} where a column’s values are shuffled. Where the interval holds 0, the column may be worth nothing.
          </p>
          {picture('importance')}
          <Table
            label="Importance"
            heads={['Column', `Loss of ${metric}`, '95 % interval']}
            numbers={[1, 2]}
            rows={importance.map(one => [one.column, signed(one.loss), between(one.interval)])}
          />
        </Part>
      )}
    </div>
  );
}

/** The rows that a model is worst for, the worst first. */
export function Segments({ model, segments }: { model: ModelVersion; segments: Evaluation['segments'] }): ReactElement {
  return (
    <Table
      label="Worst segments"
      heads={['Rows where', 'Rows', metricWords(model.score_metric), '95 % interval']}
      numbers={[1, 2, 3]}
      rows={(segments ?? []).map(one => [`${one.column} is ${one.value}`, count(one.rows), figures(one.score), between(one.interval)])}
    />
  );
}

type Matrix = NonNullable<Evaluation['confusion']>;

/** "Most often it says no where yes is true: 15 of 68 rows." */
function errsMost({ labels, counts }: Matrix): string {
  const errors = counts.flatMap((line, truth) =>
    line.map((rows, said) => ({ truth, said, rows, of: line.reduce((sum, one) => sum + one, 0) })).filter(({ said, rows }) => said !== truth && rows > 0)
  );
  const [most] = errors.sort((a, b) => b.rows - a.rows);
  return most
    ? `Most often it says ${labels[most.said] ?? ''} where ${labels[most.truth] ?? ''} is true: ${count(most.rows)} of ${plural(most.of, 'row')}.`
    : 'It made no mistake on these rows.';
}

/** "Half of the rows are off by −1.2 to 1.3, nine of ten by −4 to 5." */
function offBy(residuals: NonNullable<Evaluation['residuals']>, target: string): string {
  const at = (share: number): number | undefined => residuals.find(one => Math.abs(one.share - share) < 1e-6)?.value;
  const span = (low: number, high: number): string | undefined => {
    const [from, to] = [at(low), at(high)];
    return from === undefined || to === undefined ? undefined : between([from, to]);
  };
  const half = span(0.25, 0.75);
  const most = span(0.05, 0.95);
  const parts = [half && `half of the rows by ${half}`, most && `nine of ten by ${most}`].filter(Boolean).join(', ');
  return parts ? `The truth differs from the predicted ${target} in ${parts}.` : `Truth minus prediction of ${target}.`;
}

/** Rows by true and predicted class, shaded by their share of the true class. */
function Confusion({ confusion: { labels, counts } }: { confusion: Matrix }): ReactElement {
  return (
    <div className="lb-grid-scroll" role="region" aria-label="Confusion matrix" tabIndex={0}>
      <table className="lb-table lb-confusion">
        <thead>
          <tr>
            <th scope="col">true ↓ predicted →</th>
            {labels.map(name => (
              <th key={name} scope="col" className="lb-mod-number" dir="auto">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {counts.map((line, truth) => {
            const whole = Math.max(1, line.reduce((sum, rows) => sum + rows, 0));
            return (
              <tr key={truth}>
                <th scope="row" dir="auto">
                  {labels[truth]}
                </th>
                {line.map((rows, said) => (
                  <td key={said} className="lb-mod-number" style={shade(rows / whole, said === truth)} title={`${percent((rows / whole) * 100)} of ${labels[truth] ?? ''}`}>
                    {count(rows)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** The Lab's own colours, so weak that the figures stay readable in every theme. */
const shade = (share: number, isRight: boolean): { background: string } => ({
  background: `color-mix(in srgb, var(--jp-${isRight ? 'brand' : 'error'}-color1) ${Math.round(share * 32)}%, transparent)`
});
