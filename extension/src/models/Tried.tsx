import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { ReactElement } from 'react';
import type { ModelVersion } from '../api/model';
import { plural } from '../words/numbers';
import { duration } from '../words/times';
import { Part, Table } from './Facts';
import { Picture } from './Pictures';
import { figures, metricWords } from './words';

interface TriedProps {
  model: ModelVersion;
  registry: IRenderMimeRegistry | null;
}

/** The models that were tried, and how the best score rose while they were. */
export function Tried({ model, registry }: TriedProps): ReactElement {
  const rows = model.leaderboard.map(one => [
    one.model,
    one.score === null ? '' : figures(one.score),
    duration(one.fit_seconds * 1000)
  ]);
  return (
    <div className="lb-parts">
      <Part title="How it was found">
        <p className="lb-quiet">
          {plural(model.leaderboard.length, 'model')} in {duration(model.training_time_seconds * 1000)} of {duration(model.time_limit * 1000)} allowed,
          scored on rows set aside while learning; the score that counts is on the card.
        </p>
        <Picture model={model} name="curve" registry={registry} />
      </Part>
      <Part title="Leaderboard">
        <Table label="Models that were tried" heads={['Model', `Validation ${metricWords(model.score_metric)}`, 'Took']} numbers={[1, 2]} rows={rows} />
      </Part>
    </div>
  );
}
