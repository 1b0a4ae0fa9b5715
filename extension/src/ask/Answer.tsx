import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { Fragment, type ReactElement } from 'react';
import type { AnswerResult } from '../api/model';
import { TextButton } from '../parts/buttons';
import { useCommands } from '../scope';
import { Command } from '../tokens';
import { duration } from '../words/times';
import { AnswerTable } from './AnswerTable';
import { Chart } from './Chart';

interface AnswerProps {
  answer: AnswerResult;
  registry: IRenderMimeRegistry | null;
  onAsk: (question: string) => void;
}

function origin(answer: AnswerResult): string {
  const tables = (answer.datasets ?? []).map(({ name, version }) =>
    [typeof name === 'string' ? name : '', typeof version === 'number' ? ` v${version}` : ''].join('')
  );
  return [answer.source, duration(answer.execution_time_ms), ...tables].join(' · ');
}

function Answered({ answer, registry }: Omit<AnswerProps, 'onAsk'>): ReactElement {
  const { can, run } = useCommands();
  return (
    <>
      {answer.sentence && (
        <p className="lb-sentence" dir="auto">
          {answer.sentence}
        </p>
      )}
      {answer.chart && registry && (
        <Chart registry={registry} spec={answer.chart} label={answer.sentence ?? answer.reading ?? 'Chart of the answer'} />
      )}
      <AnswerTable answer={answer} />
      {answer.sql && (
        <details className="lb-sql">
          <summary>SQL</summary>
          <pre>
            <code>{answer.sql}</code>
          </pre>
        </details>
      )}
      {answer.sql && can(Command.insertCell) && (
        <div className="lb-actions">
          <TextButton onClick={() => run(Command.insertCell, { sql: answer.sql ?? '' })}>Insert as cell</TextButton>
        </div>
      )}
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
      ) : (
        <Answered answer={answer} registry={registry} />
      )}
    </article>
  );
}
