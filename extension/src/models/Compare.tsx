import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import type { ModelVersion } from '../api/model';
import { Trouble, Waiting } from '../parts/Words';
import { useLakebook } from '../scope';
import { plural } from '../words/numbers';
import { Part, Table } from './Facts';
import { between, figures, metricWords, reference, signed, signedBetween } from './words';

interface CompareProps {
  /** The version that is shown, and the one to hold against it. */
  shown: ModelVersion;
  other: ModelVersion;
}

/** Two versions on the same rows, in words and numbers. */
export function Compare({ shown, other }: CompareProps): ReactElement {
  const { client } = useLakebook();
  const title = `Version ${other.version} against version ${shown.version}`;
  const compared = useQuery({
    queryKey: ['compared', shown.model_id, other.model_id],
    queryFn: () => client.compare(reference(shown), reference(other))
  });
  if (compared.isPending) {
    return <Waiting words="Both predict the same rows…" />;
  }
  if (compared.isError) {
    return <Trouble thrown={compared.error} />;
  }
  const { first, second, difference, difference_interval: interval, metric, rows, rows_from: from, words, notes = [] } = compared.data;
  return (
    <Part title={title}>
      <p dir="auto">{words}</p>
      <Table
        label={title}
        heads={['Version', metricWords(metric), '95 % interval', 'Lead']}
        numbers={[1, 2, 3]}
        rows={[
          [first.reference, figures(first.score), between(first.score_interval), ''],
          [second.reference, figures(second.score), between(second.score_interval), `${signed(difference)} (${signedBetween(interval)})`]
        ]}
      />
      <p className="lb-quiet">
        Measured on {from}: {plural(rows, 'row')}.
      </p>
      {notes.map(note => (
        <p key={note} className="lb-quiet" dir="auto">
          {note}
        </p>
      ))}
    </Part>
  );
}
