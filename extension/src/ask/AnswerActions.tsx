import { InputDialog } from '@jupyterlab/apputils';
import { type FormEvent, type ReactElement, useState } from 'react';
import type { AnswerResult } from '../api/model';
import { TextButton } from '../parts/buttons';
import { said } from '../said';
import { useCommands, useLakebook } from '../scope';
import { Command } from '../tokens';

type Verdict = 'right' | 'wrong';

/** What can be done with an answer: its statement as a cell, kept at hand, judged, named, shared. */
export function AnswerActions({ answer }: { answer: AnswerResult }): ReactElement | null {
  const { client } = useLakebook();
  const { can, run } = useCommands();
  const [pinned, setPinned] = useState(false);
  const [verdict, setVerdict] = useState<Verdict>();
  const [judging, setJudging] = useState(false);
  const query = answer.query_id;
  if (!answer.sql) {
    return null;
  }
  const pin = async (): Promise<void> => {
    const kept = await said(client.pin(query, pinned));
    setPinned(kept ? kept.is_pinned : pinned);
  };
  const judge = async (wrong: boolean, fault = ''): Promise<void> => {
    const kept = await said(client.verify(query, wrong, fault));
    setVerdict(kept?.verdict ?? verdict);
    setJudging(kept === undefined && wrong);
  };
  const isQuestion = answer.source !== 'sql' && query !== '';
  return (
    <>
      <div className="lb-actions">
        {can(Command.insertCell) && (
          <TextButton title="Writes the statement into a cell" onClick={() => run(Command.insertCell, { sql: answer.sql ?? '' })}>
            SQL cell
          </TextButton>
        )}
        {query && (
          <button type="button" className="lb-button" aria-pressed={pinned} title="Keeps the question at hand" onClick={() => void pin()}>
            {pinned ? 'Pinned' : 'Pin'}
          </button>
        )}
        {isQuestion && (
          <>
            <button
              type="button"
              className="lb-button"
              aria-pressed={verdict === 'right'}
              title="Gives this answer again to the same words"
              onClick={() => void judge(false)}
            >
              ✓ Right
            </button>
            <button
              type="button"
              className="lb-button"
              aria-pressed={verdict === 'wrong'}
              aria-expanded={judging}
              title="Never gives this answer to these words again"
              onClick={() => setJudging(!judging)}
            >
              ✗ Wrong
            </button>
          </>
        )}
        {query && <More query={query} sql={answer.sql} />}
      </div>
      {judging && <Fault onSaid={fault => void judge(true, fault)} />}
      {verdict && <p className="lb-quiet">{SAID[verdict]}</p>}
    </>
  );
}

const SAID: Readonly<Record<Verdict, string>> = {
  right: 'Kept as right: the same words get this answer again.',
  wrong: 'Kept as wrong: these words do not get this answer again.'
};

/** Asks what is wrong with an answer. */
export function Fault({ onSaid }: { onSaid: (fault: string) => void }): ReactElement {
  const [fault, setFault] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onSaid(fault.trim());
  };
  return (
    <form className="lb-define" onSubmit={submit}>
      <input
        className="lb-input"
        aria-label="What is wrong with the answer"
        placeholder="What is wrong with it?"
        maxLength={2000}
        autoFocus
        dir="auto"
        value={fault}
        onChange={event => setFault(event.target.value)}
      />
      <button type="submit" className="lb-button lb-mod-main">
        It is wrong
      </button>
    </form>
  );
}

function More({ query, sql }: { query: string; sql: string }): ReactElement {
  const { client } = useLakebook();
  const [shared, setShared] = useState(false);
  const share = async (): Promise<void> => {
    const kept = await said(client.shareQuestion(query, shared));
    setShared(kept ? kept.is_shared : shared);
  };
  const rename = async (): Promise<void> => {
    const answer = await InputDialog.getText({ title: 'Name the question', okLabel: 'Name' });
    if (answer.button.accept && answer.value) {
      await said(client.renameQuestion(query, answer.value));
    }
  };
  return (
    <details className="lb-more">
      <summary aria-label="More" title="More">
        ⋯
      </summary>
      <TextButton onClick={() => void rename()}>Name it…</TextButton>
      <TextButton title="The others of this server see the question" onClick={() => void share()}>
        {shared ? 'Share no longer' : 'Share'}
      </TextButton>
      <TextButton onClick={() => void navigator.clipboard.writeText(sql)}>Copy SQL</TextButton>
    </details>
  );
}
