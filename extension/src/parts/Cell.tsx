import type { ReactElement } from 'react';
import { cell } from '../words/numbers';

/** One value: nulls as a grey sign, leading and trailing blanks made visible. */
export function Cell({ value, type, column }: { value: unknown; type: string; column: string }): ReactElement {
  if (value === null || value === undefined) {
    return (
      <span className="lb-null" title="null">
        <span aria-hidden="true">∅</span>
        <span className="lb-sr">null</span>
      </span>
    );
  }
  const text = cell(value, type, column);
  const parts = typeof value === 'string' ? /^(\s*)([\s\S]*?)(\s*)$/.exec(text) : null;
  if (parts && (parts[1] || parts[3])) {
    return (
      <>
        <Blanks count={parts[1]?.length ?? 0} />
        {parts[2]}
        <Blanks count={parts[3]?.length ?? 0} />
      </>
    );
  }
  return <>{text}</>;
}

const Blanks = ({ count }: { count: number }): ReactElement | null =>
  count > 0 ? (
    <span className="lb-null" title={`${count} blank${count === 1 ? '' : 's'}`}>
      {'·'.repeat(count)}
    </span>
  ) : null;
