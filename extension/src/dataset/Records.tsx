import type { ReactElement, ReactNode } from 'react';
import { cell } from '../words/numbers';
import { ago, exact } from '../words/times';

/** A field of a record and its head in the table. */
export type Field = readonly [name: string, head: string];

const isTime = (value: unknown): value is string => typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value);

const show = (value: unknown): string => (value === null || value === undefined ? '' : cell(value));

interface RecordsProps {
  label: string;
  items: readonly Record<string, unknown>[];
  fields: readonly Field[];
  none: string;
  /** What can be done with a record. */
  action?: (item: Record<string, unknown>) => ReactNode;
}

/** Records with like fields as a table: versions, lineage. */
export function Records({ label, items, fields, none, action }: RecordsProps): ReactElement {
  if (items.length === 0) {
    return <p className="lb-quiet">{none}</p>;
  }
  const isNumber = (name: string): boolean => items.some(item => typeof item[name] === 'number');
  const side = (name: string): string | undefined => (isNumber(name) ? 'lb-mod-number' : undefined);
  return (
    <div className="lb-grid-scroll" role="region" aria-label={label} tabIndex={0}>
      <table className="lb-table">
        <thead>
          <tr>
            {fields.map(([name, head]) => (
              <th key={name} scope="col" className={side(name)}>
                {head}
              </th>
            ))}
            {action && (
              <th scope="col">
                <span className="lb-sr">What can be done</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {items.map((item, index) => (
            <tr key={index}>
              {fields.map(([name]) => {
                const value = item[name];
                return (
                  <td key={name} className={side(name)} title={isTime(value) ? exact(value) : show(value)}>
                    {isTime(value) ? ago(value) : show(value)}
                  </td>
                );
              })}
              {action && <td>{action(item)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
