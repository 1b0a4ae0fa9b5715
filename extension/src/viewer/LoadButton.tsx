import { type ReactElement, useState } from 'react';
import type { Job } from '../api/model';
import { Progress } from '../panel/Progress';
import { TextButton } from '../parts/buttons';
import { Trouble } from '../parts/Words';
import { useCommands, useLakebook, useWork } from '../scope';
import { Command } from '../tokens';

/** Makes a table of a file, shows how far that is, and leads to the table. */
export function LoadButton({ path, main = false }: { path: string; main?: boolean }): ReactElement {
  const { client } = useLakebook();
  const work = useWork();
  const { can, run } = useCommands();
  const [jobId, setJobId] = useState<string>();
  const [thrown, setThrown] = useState<unknown>();
  const job: Job | undefined = work.jobs.find(item => item.job_id === jobId);
  const load = async (): Promise<void> => {
    setThrown(undefined);
    try {
      const accepted = await client.ingest(path);
      work.put(accepted, true);
      setJobId(accepted.job_id);
    } catch (error) {
      setThrown(error);
    }
  };
  const made = job?.result?.['dataset_id'];
  if (typeof made === 'string' && can(Command.openDataset)) {
    return (
      <TextButton main={main} onClick={() => run(Command.openDataset, { dataset: made })}>
        Open its table
      </TextButton>
    );
  }
  if (job && job.status !== 'failed' && job.status !== 'cancelled') {
    return <Progress label={`Loading ${path}`} percent={job.progress} />;
  }
  const failed = thrown ?? (job?.status === 'failed' ? new Error(job.error_message ?? 'The file was not loaded.') : undefined);
  return (
    <>
      <TextButton main={main} title="Make a checked, profiled table of this file" onClick={() => void load()}>
        Load into lakebook
      </TextButton>
      {failed !== undefined && <Trouble thrown={failed} />}
    </>
  );
}
