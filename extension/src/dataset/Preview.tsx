import { type ReactElement, useCallback } from 'react';
import type { DatasetDetail } from '../api/model';
import { RowsView } from '../grid/RowsView';
import type { RowSource } from '../grid/source';
import { useLakebook } from '../scope';

/** All rows under the summaries of their columns. */
export function Preview({ dataset }: { dataset: DatasetDetail }): ReactElement {
  const { client } = useLakebook();
  const { dataset_id: id, version } = dataset;
  const source: RowSource = useCallback(
    (span, order, signal) => client.datasetRows(id, { ...span, ...order, version }, signal),
    [client, id, version]
  );
  return (
    <RowsView
      label={dataset.name}
      columns={dataset.profile?.columns ?? []}
      rows={dataset.row_count}
      sampled={dataset.row_count}
      source={source}
      sortable
    />
  );
}
