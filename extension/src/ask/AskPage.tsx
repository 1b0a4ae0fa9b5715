import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, type ReactElement, useCallback, useEffect, useRef, useState } from 'react';
import type { AnswerResult } from '../api/model';
import { TextButton } from '../parts/buttons';
import { Trouble, Waiting } from '../parts/Words';
import { useLakebook } from '../scope';
import { Answer } from './Answer';

/** A question that came from elsewhere: the sidebar's box, a table's page. */
export interface Asked {
  serial: number;
  question: string;
  dataset: string;
}

interface Entry {
  serial: number;
  question: string;
  answer?: AnswerResult;
  thrown?: unknown;
}

const KEPT = 20;

interface Entries {
  entries: readonly Entry[];
  /** Asks; what is chosen of a declined question goes with its id. */
  ask: (question: string, dataset: string, after?: string) => void;
}

/** The questions of this session and their answers, newest first; each may go on from the one answered last. */
function useEntries(): Entries {
  const { client } = useLakebook();
  const [entries, setEntries] = useState<readonly Entry[]>([]);
  const serial = useRef(0);
  const answered = useRef('');
  const ask = useCallback(
    (question: string, dataset: string, after?: string): void => {
      serial.current += 1;
      const entry: Entry = { serial: serial.current, question };
      const settle = (end: Partial<Entry>): void =>
        setEntries(all => all.map(item => (item.serial === entry.serial ? { ...item, ...end } : item)));
      setEntries(all => [entry, ...all].slice(0, KEPT));
      client.ask(question, dataset, after ?? answered.current).then(
        answer => {
          if (answer.status === 'answered') {
            answered.current = answer.query_id;
          }
          settle({ answer });
        },
        (thrown: unknown) => settle({ thrown })
      );
    },
    [client]
  );
  return { entries, ask };
}

function hint(entries: readonly Entry[]): string {
  const goesOn = entries.some(({ answer }) => answer?.status === 'answered');
  return goesOn ? 'Go on: and by month? and by country?' : 'Ask in words: top 5 countries by revenue';
}

interface AskPageProps {
  asked: Asked;
  registry: IRenderMimeRegistry | null;
}

/** Where questions are asked and answered. */
export function AskPage({ asked, registry }: AskPageProps): ReactElement {
  const { client } = useLakebook();
  const { entries, ask } = useEntries();
  const [typed, setTyped] = useState('');
  const [dataset, setDataset] = useState('');
  const box = useRef<HTMLInputElement>(null);
  const taken = useRef(0);
  const known = useQuery({ queryKey: ['datasets'], queryFn: () => client.datasets() });

  useEffect(() => {
    if (asked.serial === taken.current) {
      return;
    }
    taken.current = asked.serial;
    setDataset(asked.dataset);
    if (asked.question) {
      ask(asked.question, asked.dataset);
    } else {
      box.current?.focus();
    }
  }, [asked, ask]);

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (typed.trim()) {
      ask(typed.trim(), dataset);
      setTyped('');
    }
  };

  return (
    <div className="lb-page lb-ask">
      <form className="lb-ask-form" onSubmit={submit}>
        <input
          ref={box}
          className="lb-input"
          aria-label="Question"
          placeholder={hint(entries)}
          autoComplete="off"
          dir="auto"
          value={typed}
          onChange={event => setTyped(event.target.value)}
        />
        <select
          className="lb-input"
          aria-label="Table that the question is about"
          value={dataset}
          onChange={event => setDataset(event.target.value)}
        >
          <option value="">any table</option>
          {(known.data ?? []).map(item => (
            <option key={item.dataset_id} value={item.dataset_id}>
              {item.name}
            </option>
          ))}
        </select>
        <button type="submit" className="lb-button lb-mod-main" disabled={!typed.trim()}>
          Ask
        </button>
      </form>
      <div className="lb-answers" aria-live="polite">
        {entries.length === 0 && (
          <p className="lb-quiet">Counts, sums, averages, least and most, by column, top or bottom, with filters.</p>
        )}
        {entries.map(entry =>
          entry.answer ? (
            <Answer
              key={entry.serial}
              answer={{ ...entry.answer, question: entry.answer.question ?? entry.question }}
              registry={registry}
              onAsk={text => ask(text, dataset, entry.answer?.query_id)}
            />
          ) : entry.thrown !== undefined ? (
            <article key={entry.serial} className="lb-answer" aria-label={entry.question}>
              <h2 dir="auto">{entry.question}</h2>
              <Trouble thrown={entry.thrown}>
                <TextButton onClick={() => ask(entry.question, dataset)}>Ask again</TextButton>
              </Trouble>
            </article>
          ) : (
            <article key={entry.serial} className="lb-answer" aria-label={entry.question} aria-busy="true">
              <h2 dir="auto">{entry.question}</h2>
              <Waiting words="Looking for the answer…" />
            </article>
          )
        )}
      </div>
    </div>
  );
}
