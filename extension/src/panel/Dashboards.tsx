import { deleteIcon } from '@jupyterlab/ui-components';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { IconButton } from '../parts/buttons';
import { confirmed } from '../parts/confirm';
import { RovingList } from '../parts/Roving';
import { Trouble, Waiting } from '../parts/Words';
import type { Dashboard } from '../api/model';
import { useLakebook } from '../scope';
import { ago, exact } from '../words/times';

/** The dashboards; a page's link is shown once, when it is published. */
export function DashboardList(): ReactElement {
  const { client } = useLakebook();
  const queries = useQueryClient();
  const listed = useQuery({ queryKey: ['dashboards'], queryFn: () => client.dashboards() });
  const remove = useMutation({
    mutationFn: (id: string) => client.unpublish(id),
    onSettled: () => queries.invalidateQueries({ queryKey: ['dashboards'] })
  });
  const askAndRemove = async (item: Dashboard): Promise<void> => {
    if (await confirmed(`Delete ${item.name}?`, 'Its links stop working for everyone who has them.', 'Delete')) {
      remove.mutate(item.dashboard_id);
    }
  };
  if (listed.isPending) {
    return <Waiting words="Reading the dashboards…" />;
  }
  if (listed.isError) {
    return <Trouble thrown={listed.error} />;
  }
  if (listed.data.length === 0) {
    return <p className="lb-quiet">No dashboard yet. Right-click a notebook in the file browser and choose Publish.</p>;
  }
  return (
    <>
      {remove.isError && <Trouble thrown={remove.error} />}
      <RovingList
        label="Dashboards"
        items={listed.data}
        keyOf={item => item.dashboard_id}
        row={(item, tabIndex) => (
          <div className="lb-row lb-mod-split" title={`${item.notebook ?? item.name}, ${exact(item.updated_at)}`}>
            <span className="lb-name" data-row tabIndex={tabIndex}>
              {item.name}
              <span className="lb-quiet"> v{item.version}</span>
            </span>
            {item.shared && <span className="lb-tag">shared</span>}
            <span className="lb-age">{ago(item.updated_at)}</span>
            <IconButton
              icon={deleteIcon}
              label={`Delete ${item.name}`}
              tabIndex={tabIndex}
              onClick={() => void askAndRemove(item)}
            />
          </div>
        )}
      />
    </>
  );
}
