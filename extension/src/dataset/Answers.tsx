import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { type DatasetDetail, isFinal, type Job, type Measured } from '../api/model';
import { TextButton } from '../parts/buttons';
import { Trouble, Waiting } from '../parts/Words';
import { said } from '../said';
import { useLakebook, useWork } from '../scope';
import { type Field, Records } from './Records';

const SELFTEST = 'ask.selftest';

const MEASURED: readonly Field[] = [
  ['created_at', 'Made'],
  ['kind', 'Kind'],
  ['asked', 'Asked'],
  ['answered', 'Answered'],
  ['right', 'Right or held'],
  ['wrong', 'Wrong or failed'],
  ['share', 'Right of answered'],
  ['user_id', 'By']
];

const KINDS: Readonly<Record<string, string>> = { evaluation: 'own questions', selftest: 'self test' };

const recorded = (made: Measured): Record<string, unknown> => ({
  ...made,
  kind: KINDS[made.kind] ?? made.kind,
  share: made.precision === null ? '' : `${(100 * made.precision).toFixed(1)} %`
});

interface Fault {
  why: string;
  questions: readonly string[];
}

interface Outcome {
  checks?: readonly { check: string; failures: readonly Fault[] }[];
  verdicts?: readonly { verdict: string; question: string; reading?: string | null }[];
}

/** The questions of a measurement whose answers are wrong or contradict each other. */
function faultsOf(result: Outcome): Fault[] {
  const failed = (result.checks ?? []).flatMap(({ check, failures }) => failures.map(({ why, questions }) => ({ why: `${check}: ${why}`, questions })));
  const wrong = (result.verdicts ?? []).filter(({ verdict }) => verdict === 'wrong');
  return [...failed, ...wrong.map(({ question, reading }) => ({ why: `Read as: ${reading ?? '?'}`, questions: [question] }))];
}

/** How often answers about a table are right: own questions with known answers, and tests that need none. */
export function Answers({ dataset }: { dataset: DatasetDetail }): ReactElement {
  const { client } = useLakebook();
  const work = useWork();
  const made = useQuery({
    queryKey: ['evaluations', dataset.dataset_id],
    queryFn: () => client.evaluations(dataset.dataset_id)
  });
  if (made.isPending) {
    return <Waiting words="Reading how its answers fared…" />;
  }
  if (made.isError) {
    return <Trouble thrown={made.error} />;
  }
  const running = work.jobs.find(job => job.verb === SELFTEST && !isFinal(job) && work.isMine(job));
  const test = async (): Promise<void> => {
    const job = await said(client.selftest(dataset.dataset_id));
    if (job) {
      work.put(job, true);
    }
  };
  const faulty = made.data.find(({ wrong }) => wrong > 0);
  return (
    <section aria-label="Answers">
      <p className="lb-quiet">
        A self test asks questions whose answers must agree: parts sum to the whole, a filter never raises a count. Questions of your own with
        known answers: <code>lakebook evaluate questions.jsonl</code>.
      </p>
      <div className="lb-actions">
        <TextButton disabled={running !== undefined} onClick={() => void test()}>
          {running ? `Testing… ${running.progress} %` : 'Test the answers'}
        </TextButton>
      </div>
      <Records label="Measurements" items={made.data.map(recorded)} fields={MEASURED} none="Its answers were not tested yet." />
      {faulty && <Faults job={faulty.job_id} />}
    </section>
  );
}

function Faults({ job }: { job: string }): ReactElement | null {
  const { client } = useLakebook();
  const shown = useQuery({ queryKey: ['job', job], queryFn: (): Promise<Job> => client.job(job) });
  const faults = faultsOf(shown.data?.result ?? {});
  return faults.length === 0 ? null : (
    <ul aria-label="What went wrong">
      {faults.map(({ why, questions }, place) => (
        <li key={place}>
          {why}
          <ul>
            {questions.map(question => (
              <li key={question} dir="auto">
                {question}
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}
