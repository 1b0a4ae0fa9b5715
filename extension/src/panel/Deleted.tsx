import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { TextButton } from '../parts/buttons';
import { RovingList } from '../parts/Roving';
import { Trouble, Waiting } from '../parts/Words';
import { useLakebook } from '../scope';
import { ago, exact } from '../words/times';

/** Deleted tables that can still be brought back. */
export function Deleted(): ReactElement {
  const { client } = useLakebook();
  const queries = useQueryClient();
  const listed = useQuery({ queryKey: ['datasets', 'deleted'], queryFn: () => client.datasets(true) });
  const restore = useMutation({
    mutationFn: (id: string) => client.restore(id),
    onSettled: () => queries.invalidateQueries({ queryKey: ['datasets'] })
  });
  if (listed.isPending) {
    return <Waiting words="Reading the deleted tables…" />;
  }
  if (listed.isError) {
    return <Trouble thrown={listed.error} />;
  }
  return (
    <>
      {restore.isError && <Trouble thrown={restore.error} />}
      {listed.data.length === 0 && <p className="lb-quiet">No table was deleted in the last 7 days.</p>}
      <RovingList
        label="Deleted tables"
        items={listed.data}
        keyOf={item => item.dataset_id}
        row={(item, tabIndex) => (
          <div className="lb-row lb-mod-split">
            <span className="lb-name" data-row tabIndex={tabIndex} title={exact(item.deleted_at ?? '')}>
              {item.name}
            </span>
            <span className="lb-age">{ago(item.deleted_at ?? '')}</span>
            <TextButton onClick={() => restore.mutate(item.dataset_id)}>Bring back</TextButton>
          </div>
        )}
      />
    </>
  );
}
