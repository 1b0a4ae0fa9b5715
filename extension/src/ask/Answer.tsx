import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { Fragment, type ReactElement } from 'react';
import type { AnswerResult } from '../api/model';
import { TextButton } from '../parts/buttons';
import { Marked } from '../parts/Words';
import { duration } from '../words/times';
import { AllowModel } from './AllowModel';
import { AnswerActions } from './AnswerActions';
import { AnswerTable } from './AnswerTable';
import { Chart } from './Chart';
import { DefineWord } from './DefineWord';

interface AnswerProps {
  answer: AnswerResult;
  registry: IRenderMimeRegistry | null;
  onAsk: (question: string) => void;
}

function origin(answer: AnswerResult): string {
  const tables = (answer.datasets ?? []).map(({ name, version }) =>
    [typeof name === 'string' ? name : '', typeof version === 'number' ? ` v${version}` : ''].join('')
  );
  const kept = answer.stale_since
    ? 'rows of an older version'
    : answer.age_seconds === null
      ? ''
      : `remembered ${duration(answer.age_seconds * 1000)} ago`;
  return [answer.source, duration(answer.execution_time_ms), ...tables, kept].filter(Boolean).join(' · ');
}

function Answered({ answer, registry }: Omit<AnswerProps, 'onAsk'>): ReactElement {
  return (
    <>
      {answer.sentence && (
        <p className="lb-sentence" dir="auto">
          {answer.sentence}
        </p>
      )}
      {(answer.notes ?? []).map(note => (
        <p key={note} className="lb-quiet" dir="auto">
          {note}
        </p>
      ))}
      {answer.chart && registry && (
        <Chart registry={registry} spec={answer.chart} label={answer.sentence ?? answer.reading ?? 'Chart of the answer'} />
      )}
      <AnswerTable answer={answer} />
      <Statement sql={answer.sql} />
      <AnswerActions answer={answer} />
    </>
  );
}

function Statement({ sql, open = false }: { sql: string | null; open?: boolean }): ReactElement | null {
  return sql ? (
    <details className="lb-sql" open={open}>
      <summary>SQL</summary>
      <pre>
        <code>{sql}</code>
      </pre>
    </details>
  ) : null;
}

/** A statement that something is to be said against: it is offered, and no row of it is shown. */
function Unverified({ answer }: { answer: AnswerResult }): ReactElement {
  return (
    <>
      <p className="lb-sentence lb-doubt" dir="auto">
        Not verified: {answer.explanation}
      </p>
      <Statement sql={answer.sql} open />
      <AnswerActions answer={answer} />
    </>
  );
}

function Declined({ answer, onAsk }: Omit<AnswerProps, 'registry'>): ReactElement {
  const words = answer.words ?? [];
  const suggestions = answer.suggestions ?? [];
  return (
    <>
      <p className="lb-sentence">
        {words.length > 0 ? (
          <>
            I do not know what{' '}
            {words.map((word, index) => (
              <Fragment key={index}>
                {index > 0 && (index === words.length - 1 ? ' and ' : ', ')}
                <strong>{word}</strong>
              </Fragment>
            ))}{' '}
            {words.length === 1 ? 'means' : 'mean'} here.
          </>
        ) : (
          answer.explanation
        )}
      </p>
      {words.length > 0 && answer.explanation && <p className="lb-quiet">{answer.explanation}</p>}
      {words.length > 0 && <DefineWord words={words} onDefined={() => onAsk(answer.question ?? '')} />}
      {suggestions.length > 0 && (
        <>
          <p className="lb-quiet">These can be answered:</p>
          <ul className="lb-suggestions" aria-label="Questions that can be answered">
            {suggestions.map(text => (
              <li key={text}>
                <TextButton onClick={() => onAsk(text)}>{text}</TextButton>
              </li>
            ))}
          </ul>
        </>
      )}
      {answer.help && (
        <p className="lb-quiet lb-help">
          <Marked text={answer.help} />
        </p>
      )}
      {answer.offers && <AllowModel which={answer.offers} onAllowed={() => onAsk(answer.question ?? '')} />}
    </>
  );
}

/** An answer: what was asked, how it was read, what came out. */
export function Answer({ answer, registry, onAsk }: AnswerProps): ReactElement {
  return (
    <article className="lb-answer" aria-label={answer.question ?? 'Answer'}>
      <header>
        <h2 dir="auto">{answer.question}</h2>
        <p className="lb-quiet lb-origin">{origin(answer)}</p>
      </header>
      {answer.reading && (
        <p className="lb-reading" title="The question as it was understood">
          {answer.reading}
        </p>
      )}
      {answer.status === 'declined' ? (
        <Declined answer={answer} onAsk={onAsk} />
      ) : answer.status === 'unverified' ? (
        <Unverified answer={answer} />
      ) : (
        <Answered answer={answer} registry={registry} />
      )}
    </article>
  );
}
