import { checkIcon, closeIcon, stopIcon } from '@jupyterlab/ui-components';
import { useMutation } from '@tanstack/react-query';
import { type ReactElement, useEffect, useState } from 'react';
import { isFinal, type Job } from '../api/model';
import { Problem } from '../api/problem';
import { IconButton, TextButton } from '../parts/buttons';
import { RovingList } from '../parts/Roving';
import { Marked, Trouble } from '../parts/Words';
import { useCommands, useLakebook, useWork } from '../scope';
import { Command } from '../tokens';
import { cell } from '../words/numbers';
import { ago, duration, exact } from '../words/times';
import { Progress } from './Progress';

const LISTED = 12;

const STATUS_WORDS: Readonly<Record<Job['status'], string>> = {
  queued: 'waiting',
  processing: 'at work',
  completed: 'done',
  failed: 'failed',
  cancelled: 'cancelled'
};

const titleOf = (job: Job): string => job.title || job.verb;

/** What the job says of itself, for the tooltip. */
function describe(job: Job): string {
  const facts = Object.entries(job.facts ?? {})
    .filter(([, value]) => typeof value === 'number' || typeof value === 'string')
    .map(([name, value]) => `${name.replace(/_/g, ' ')} ${cell(value)}`);
  return [job.message, ...facts, `since ${exact(job.started_at ?? job.created_at)}`].filter(Boolean).join(' · ');
}

function problemOfJob(job: Job): Problem {
  const failure = job.failure ?? {};
  const word = (key: string): string => (typeof failure[key] === 'string' ? failure[key] : '');
  return new Problem(
    word('message') || job.error_message || 'It failed and did not say why.',
    word('code') || 'failed',
    word('hint'),
    job.request_id
  );
}

/** Seconds at work, counted on while it is drawn. */
function Elapsed({ job }: { job: Job }): ReactElement {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), 1000);
    return () => window.clearInterval(timer);
  }, []);
  const started = Date.parse(job.started_at ?? job.created_at);
  const seconds = Math.max(0, Math.floor((now - started) / 1000));
  return <span className="lb-age">{seconds < 1 ? '' : duration(seconds * 1000)}</span>;
}

function ActiveJob({ job, tabIndex }: { job: Job; tabIndex: 0 | -1 }): ReactElement {
  const { client, work } = useLakebook();
  const isWaiting = job.status === 'queued';
  const cancel = useMutation({ mutationFn: () => client.cancel(job.job_id), onSuccess: answer => work.put(answer) });
  return (
    <div className="lb-job" title={describe(job)}>
      <div className="lb-row lb-mod-split">
        <span className="lb-name" data-row tabIndex={tabIndex}>
          {titleOf(job)}
        </span>
        {isWaiting ? (
          <span className="lb-figure">waiting</span>
        ) : (
          <>
            <Progress label={titleOf(job)} percent={job.progress} />
            <span className="lb-figure">{job.progress} %</span>
            <Elapsed job={job} />
          </>
        )}
        <IconButton
          icon={closeIcon}
          label={`Cancel ${titleOf(job)}`}
          tabIndex={tabIndex}
          onClick={() => cancel.mutate()}
        />
      </div>
      {job.message && !isWaiting && <p className="lb-quiet lb-message">{job.message}</p>}
      {cancel.isError && <Trouble thrown={cancel.error} />}
    </div>
  );
}

function FailedJob({ job, tabIndex }: { job: Job; tabIndex: 0 | -1 }): ReactElement {
  const { client, work } = useLakebook();
  const [why, setWhy] = useState(false);
  const retry = useMutation({ mutationFn: () => client.retry(job.job_id), onSuccess: answer => work.put(answer, true) });
  const problem = problemOfJob(job);
  return (
    <div className="lb-job lb-mod-failed">
      <div className="lb-row lb-mod-split">
        <span className="lb-name" data-row tabIndex={tabIndex} title={exact(job.updated_at)}>
          {titleOf(job)}
        </span>
        <TextButton onClick={() => setWhy(!why)}>{why ? 'Hide' : 'Why?'}</TextButton>
        <TextButton onClick={() => retry.mutate()}>Retry</TextButton>
        <IconButton
          icon={closeIcon}
          label={`Dismiss ${titleOf(job)}`}
          tabIndex={tabIndex}
          onClick={() => work.dismiss(job.job_id)}
        />
      </div>
      {why ? (
        <Trouble thrown={problem} />
      ) : (
        <p className="lb-message lb-bad">
          <Marked text={problem.message} />
        </p>
      )}
      {retry.isError && <Trouble thrown={retry.error} />}
    </div>
  );
}

/** What a finished job has made, as the command that opens it. */
function useOpening(job: Job): { label: string; open: () => void } | undefined {
  const { can, run } = useCommands();
  const { client } = useLakebook();
  const result = job.result ?? {};
  if (typeof result['dataset_id'] === 'string' && job.job_type === 'ingestion' && can(Command.openDataset)) {
    const dataset = result['dataset_id'];
    return { label: 'Open', open: () => run(Command.openDataset, { dataset }) };
  }
  if (typeof result['name'] === 'string' && typeof result['version'] === 'number' && job.verb === 'train' && can(Command.openModel)) {
    const { name: model, version } = result;
    return { label: 'Open', open: () => run(Command.openModel, { model, version }) };
  }
  if (typeof result['path'] === 'string' && job.job_type === 'publish') {
    const address = client.address(result['path']);
    return { label: 'Open page', open: () => void window.open(address, '_blank', 'noopener') };
  }
  return undefined;
}

function EndedJob({ job, tabIndex }: { job: Job; tabIndex: 0 | -1 }): ReactElement {
  const opening = useOpening(job);
  const Icon = job.status === 'completed' ? checkIcon : stopIcon;
  return (
    <div className="lb-row lb-mod-split" title={describe(job)}>
      <Icon.react tag="span" width="14px" height="14px" className="lb-job-icon" />
      <span className="lb-name" data-row tabIndex={tabIndex}>
        {titleOf(job)}
        <span className="lb-sr">, {STATUS_WORDS[job.status]}</span>
      </span>
      {opening && <TextButton onClick={opening.open}>{opening.label}</TextButton>}
      <span className="lb-age">{ago(job.updated_at)}</span>
    </div>
  );
}

/** Work under way first, then what has failed, then what is done. */
export function JobList(): ReactElement {
  const work = useWork();
  const rank = (job: Job): number => (!isFinal(job) ? 0 : job.status === 'failed' ? 1 : 2);
  const jobs = work.jobs
    .filter(job => !work.isDismissed(job))
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, LISTED);
  if (jobs.length === 0 && work.uploads.length === 0) {
    return <p className="lb-quiet">Loading, training, running and publishing show here while they work.</p>;
  }
  return (
    <RovingList
      label="Jobs"
      items={jobs}
      keyOf={job => job.job_id}
      row={(job, tabIndex) =>
        !isFinal(job) ? (
          <ActiveJob job={job} tabIndex={tabIndex} />
        ) : job.status === 'failed' ? (
          <FailedJob job={job} tabIndex={tabIndex} />
        ) : (
          <EndedJob job={job} tabIndex={tabIndex} />
        )
      }
    />
  );
}
