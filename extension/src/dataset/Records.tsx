import type { ReactElement } from 'react';
import { cell } from '../words/numbers';
import { ago, exact } from '../words/times';

const isTime = (value: unknown): value is string => typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value);

const head = (name: string): string => {
  const words = name.replace(/_/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

interface RecordsProps {
  label: string;
  items: readonly Record<string, unknown>[];
  none: string;
}

/** Records with like fields as a table: versions, lineage. */
export function Records({ label, items, none }: RecordsProps): ReactElement {
  if (items.length === 0) {
    return <p className="lb-quiet">{none}</p>;
  }
  const names = [...new Set(items.flatMap(item => Object.keys(item)))];
  return (
    <div className="lb-grid-scroll" role="region" aria-label={label} tabIndex={0}>
      <table className="lb-table">
        <thead>
          <tr>
            {names.map(name => (
              <th key={name} scope="col">
                {head(name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((item, index) => (
            <tr key={index}>
              {names.map(name => (
                <td key={name} title={isTime(item[name]) ? exact(item[name]) : undefined}>
                  {isTime(item[name]) ? ago(item[name]) : show(item[name], name)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const show = (value: unknown, name: string): string => (value === null || value === undefined ? '' : cell(value, '', name));
