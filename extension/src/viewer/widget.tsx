import { type ReactElement, useEffect, useState } from 'react';
import type { Job } from '../api/model';
import { DatasetPage } from '../dataset/DatasetPage';
import { Progress } from '../panel/Progress';
import { TextButton } from '../parts/buttons';
import { Trouble } from '../parts/Words';
import { LakebookWidget, useLakebook, useWork } from '../scope';
import type { ILakebook } from '../tokens';

/** Loads a file of the Lab and shows its table's page. */
export class FileWidget extends LakebookWidget {
  constructor(
    lakebook: ILakebook,
    private readonly path: string
  ) {
    super(lakebook);
    this.addClass('lb-main');
  }

  protected content(): ReactElement {
    return <FilePage path={this.path} />;
  }
}

type Loading = { jobId?: string; thrown?: unknown };

/** Asks once for the file to be loaded; `again` asks anew. */
function useLoading(path: string): Loading & { again: () => void } {
  const { client, work } = useLakebook();
  const [loading, setLoading] = useState<Loading>({});
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let isWanted = true;
    client.ingest(path).then(
      job => {
        work.put(job);
        if (isWanted) {
          setLoading({ jobId: job.job_id });
        }
      },
      (thrown: unknown) => {
        if (isWanted) {
          setLoading({ thrown });
        }
      }
    );
    return () => {
      isWanted = false;
    };
  }, [client, work, path, attempt]);
  const again = (): void => {
    setLoading({});
    setAttempt(attempt + 1);
  };
  return { ...loading, again };
}

function FilePage({ path }: { path: string }): ReactElement {
  const work = useWork();
  const { jobId, thrown, again } = useLoading(path);
  const job: Job | undefined = work.jobs.find(item => item.job_id === jobId);
  const made = job?.result?.['dataset_id'];
  if (typeof made === 'string') {
    return <DatasetPage id={made} tab="preview" onName={() => undefined} />;
  }
  if (thrown !== undefined || job?.status === 'failed' || job?.status === 'cancelled') {
    return (
      <Trouble thrown={thrown ?? new Error(job?.error_message ?? 'The file was not loaded.')}>
        <TextButton onClick={again}>Load it again</TextButton>
      </Trouble>
    );
  }
  return (
    <div className="lb-page">
      <p role="status">Loading {path}</p>
      <Progress label={`Loading ${path}`} percent={job?.progress} />
    </div>
  );
}
