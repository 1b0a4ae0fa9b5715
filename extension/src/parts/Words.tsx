import { Fragment, type ReactElement, type ReactNode } from 'react';
import { asProblem } from '../api/problem';

/** Says what is being waited for; it shows after a moment only, in space that is kept for it. */
export const Waiting = ({ words }: { words: string }): ReactElement => (
  <p className="lb-waiting" role="status">
    {words}
  </p>
);

/** Marks `code` of a message as code. */
export const Marked = ({ text }: { text: string }): ReactElement => (
  <>
    {text.split('`').map((part, index) => (index % 2 ? <code key={index}>{part}</code> : <Fragment key={index}>{part}</Fragment>))}
  </>
);

/** What went wrong, what to do, and under Details how to find it in the log. */
export function Trouble({ thrown, children }: { thrown: unknown; children?: ReactNode }): ReactElement {
  const problem = asProblem(thrown);
  return (
    <div className="lb-trouble" role="alert">
      <p>
        <Marked text={problem.message} />
      </p>
      {problem.hint && (
        <p className="lb-quiet">
          <Marked text={problem.hint} />
        </p>
      )}
      {children && <div className="lb-actions">{children}</div>}
      {problem.requestId && (
        <details>
          <summary title={`Request ${problem.requestId}`}>Details</summary>
          <p className="lb-quiet">
            {problem.code} · request {problem.requestId}
          </p>
        </details>
      )}
    </div>
  );
}
