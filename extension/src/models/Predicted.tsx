import type { ReactElement } from 'react';
import type { ModelVersion, PredictResult } from '../api/model';
import { percent } from '../words/numbers';
import { Table } from './Facts';
import { between, figures, label, signed } from './words';

const SHOWN_CLASSES = 10;
const SHOWN_COLUMNS = 8;

interface PredictedProps {
  model: ModelVersion;
  result: PredictResult;
}

/** What the model says of one row, how sure it is, and what to know about the row. */
export function Predicted({ model, result }: PredictedProps): ReactElement | null {
  const [one] = result.predictions;
  if (!one) {
    return null;
  }
  const said = typeof one.prediction === 'number' && model.problem_kind === 'regression' ? figures(one.prediction) : label(one.prediction);
  const shares = Object.entries(one.probabilities ?? {}).sort(([, a], [, b]) => b - a);
  return (
    <>
      <p className="lb-sentence">
        <bdi>{model.target_column}</bdi>: <strong dir="auto">{said}</strong>
        {one.confidence !== null && <span className="lb-quiet"> · {percent(one.confidence * 100)} sure</span>}
      </p>
      {one.interval && (
        <p className="lb-quiet">
          {between(one.interval)} holds nine of ten rows that it never saw.
        </p>
      )}
      {shares.length > 0 && <Shares shares={shares} />}
      {one.contributions && <Contributions contributions={one.contributions} />}
      {(result.warnings ?? []).map(warning => (
        <p key={warning} className="lb-doubt" dir="auto">
          {warning}
        </p>
      ))}
      <p className="lb-quiet">
        Said by {result.name} version {result.version}.
      </p>
    </>
  );
}

/** The classes by their probability, the likeliest first. */
function Shares({ shares }: { shares: readonly (readonly [string, number])[] }): ReactElement {
  return (
    <ul className="lb-shares" aria-label="Probabilities">
      {shares.slice(0, SHOWN_CLASSES).map(([name, share]) => (
        <li key={name}>
          <span className="lb-top-value" dir="auto" title={name}>
            {name}
          </span>
          <span className="lb-progress" aria-hidden="true">
            <span style={{ width: `${share * 100}%` }} />
          </span>
          <span className="lb-figure">{percent(share * 100)}</span>
        </li>
      ))}
    </ul>
  );
}

/** What moved the answer away from the usual row's, the strongest first. */
function Contributions({ contributions }: { contributions: Readonly<Record<string, number>> }): ReactElement {
  const strongest = Object.entries(contributions).sort(([, a], [, b]) => Math.abs(b) - Math.abs(a));
  return <Table label="What moved the answer away from the usual row’s" heads={['What moved it from the usual answer', 'by']} numbers={[1]} rows={strongest.slice(0, SHOWN_COLUMNS).map(([name, value]) => [name, signed(value)])} />;
}
