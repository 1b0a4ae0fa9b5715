import type { ReactElement } from 'react';
import type { AnswerResult } from '../api/model';
import { Cell } from '../parts/Cell';
import { count, isNumeric } from '../words/numbers';

const ROWS_SHOWN = 200;

/** The rows of an answer, numbers to the right and grouped. */
export function AnswerTable({ answer }: { answer: AnswerResult }): ReactElement {
  const columns = (answer.columns ?? []).map(column => ({ name: column['name'] ?? '', type: column['type'] ?? '' }));
  const all = answer.results ?? [];
  const rows = all.slice(0, ROWS_SHOWN);
  return (
    <>
      <div className="lb-grid-scroll lb-answer-rows" role="region" aria-label="Rows of the answer" tabIndex={0}>
        <table className="lb-table">
          <thead>
            <tr>
              {columns.map(column => (
                <th
                  key={column.name}
                  scope="col"
                  title={column.type}
                  className={isNumeric(column.type) ? 'lb-mod-number' : undefined}
                >
                  {column.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <tr key={index}>
                {columns.map(column => (
                  <td key={column.name} dir="auto" className={isNumeric(column.type) ? 'lb-mod-number' : undefined}>
                    <Cell value={row[column.name]} type={column.type} column={column.name} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {(rows.length < all.length || answer.truncated) && (
        <p className="lb-quiet">
          {answer.truncated
            ? `The first ${count(rows.length)} rows; the question has more.`
            : `The first ${count(rows.length)} of ${count(all.length)} rows.`}
        </p>
      )}
    </>
  );
}
