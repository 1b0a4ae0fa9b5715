import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { useQuery } from '@tanstack/react-query';
import { type ReactElement, useState } from 'react';
import type { Drift, ModelVersion } from '../api/model';
import { Chart } from '../ask/Chart';
import { asProblem } from '../api/problem';
import { Trouble, Waiting } from '../parts/Words';
import { useLakebook } from '../scope';
import { Table } from './Facts';
import { figures, reference } from './words';

interface DriftProps {
  model: ModelVersion;
  registry: IRenderMimeRegistry | null;
}

/** How the rows of today differ from those that the model learnt from. */
export function DriftTab({ model, registry }: DriftProps): ReactElement {
  const { client } = useLakebook();
  const [dataset, setDataset] = useState('');
  const known = useQuery({ queryKey: ['datasets'], queryFn: () => client.datasets() });
  const drift = useQuery({
    queryKey: ['drift', model.model_id, dataset],
    queryFn: () => client.drift(reference(model), dataset || undefined)
  });
  return (
    <section aria-label="Drift" className="lb-part">
      <label>
        Rows:{' '}
        <select className="lb-input" value={dataset} onChange={event => setDataset(event.target.value)}>
          <option value="">what it was asked to predict</option>
          {(known.data ?? []).map(one => (
            <option key={one.dataset_id} value={one.dataset_id}>
              {one.name}
            </option>
          ))}
        </select>
      </label>
      {drift.isPending && <Waiting words="Holding the rows against those of the training…" />}
      {drift.isError && <Nothing thrown={drift.error} />}
      {drift.data && <Drifted drift={drift.data} registry={registry} />}
    </section>
  );
}

/** Where there is nothing to hold against the training yet, that is no error. */
function Nothing({ thrown }: { thrown: unknown }): ReactElement {
  const { code, message } = asProblem(thrown);
  return code === 'not_found' ? <p className="lb-quiet">{message} Choose a table to hold against its training.</p> : <Trouble thrown={thrown} />;
}

/** The drift in words, as a picture, and column by column. */
export function Drifted({ drift, registry }: { drift: Drift; registry: IRenderMimeRegistry | null }): ReactElement {
  const columns = [drift.answer, ...(drift.confidence ? [drift.confidence] : []), ...drift.columns];
  return (
    <>
      <p className={drift.should_retrain ? 'lb-doubt' : undefined} dir="auto">
        {drift.words}
      </p>
      {drift.chart && registry && <Chart registry={registry} spec={drift.chart} label={drift.words} />}
      {drift.rows > 0 && (
        <>
          <Table
            label="Drift by column"
            heads={['Column', 'Index', 'By chance below', 'Verdict', 'What moved']}
            numbers={[1, 2]}
            rows={columns.map(one => [one.column, figures(one.psi), figures(one.by_chance), one.verdict, one.words])}
          />
          <p className="lb-quiet">
            The index is that of population stability: from 0.1 on a column is moving, from 0.25 on it has drifted.
          </p>
        </>
      )}
    </>
  );
}
