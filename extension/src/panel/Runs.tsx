import { deleteIcon } from '@jupyterlab/ui-components';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import type { Run, Schedule } from '../api/model';
import { IconButton } from '../parts/buttons';
import { RovingList } from '../parts/Roving';
import { Trouble, Waiting } from '../parts/Words';
import { useLakebook } from '../scope';
import { wordsOf } from '../words/cron';
import { ago, duration, exact } from '../words/times';

const STATUS_WORDS: Readonly<Record<Run['status'], string>> = {
  queued: 'waiting',
  processing: 'at work',
  completed: 'done',
  failed: 'failed',
  cancelled: 'cancelled'
};

const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

function describe(run: Run): string {
  const took =
    run.started_at && run.ended_at ? `, took ${duration(Date.parse(run.ended_at) - Date.parse(run.started_at))}` : '';
  const failed = run.failed_cell ? ` Cell ${run.failed_cell} failed: ${run.error ?? ''}` : run.error ?? '';
  return `${run.notebook}, ${exact(run.created_at)}${took}. ${failed}`.trim();
}

function Schedules({ items }: { items: readonly Schedule[] }): ReactElement | null {
  const { client } = useLakebook();
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: (id: string) => client.unschedule(id),
    onSettled: () => queries.invalidateQueries({ queryKey: ['schedules'] })
  });
  if (items.length === 0) {
    return null;
  }
  return (
    <>
      {remove.isError && <Trouble thrown={remove.error} />}
      <RovingList
        label="Schedules"
        items={items}
        keyOf={item => item.schedule_id}
        row={(item, tabIndex) => (
          <div className="lb-row lb-mod-split" title={`${item.notebook}: ${item.cron} (${item.timezone})`}>
            <span className="lb-name" data-row tabIndex={tabIndex}>
              {item.name}
            </span>
            <span className="lb-figure">{wordsOf(item.cron)}</span>
            <IconButton
              icon={deleteIcon}
              label={`Delete the schedule ${item.name}`}
              tabIndex={tabIndex}
              onClick={() => remove.mutate(item.schedule_id)}
            />
          </div>
        )}
      />
    </>
  );
}

/** Timetables first, then what ran, newest first. */
export function RunList(): ReactElement {
  const { client } = useLakebook();
  const runs = useQuery({ queryKey: ['runs'], queryFn: () => client.runs() });
  const schedules = useQuery({ queryKey: ['schedules'], queryFn: () => client.schedules() });
  if (runs.isPending || schedules.isPending) {
    return <Waiting words="Reading the runs…" />;
  }
  if (runs.isError || schedules.isError) {
    return <Trouble thrown={runs.error ?? schedules.error} />;
  }
  if (runs.data.length === 0 && schedules.data.length === 0) {
    return <p className="lb-quiet">No run yet. Right-click a notebook in the file browser and choose Schedule.</p>;
  }
  return (
    <>
      <Schedules items={schedules.data} />
      <RovingList
        label="Runs"
        items={runs.data}
        keyOf={run => run.run_id}
        row={(run, tabIndex) => (
          <div className="lb-row lb-mod-split" title={describe(run)}>
            <span className="lb-name" data-row tabIndex={tabIndex}>
              {fileName(run.notebook)}
            </span>
            <span className={run.status === 'failed' ? 'lb-figure lb-bad' : 'lb-figure'}>
              {STATUS_WORDS[run.status]}
              {run.failed_cell ? ` in cell ${run.failed_cell}` : ''}
            </span>
            <span className="lb-age">{ago(run.created_at)}</span>
          </div>
        )}
      />
    </>
  );
}
