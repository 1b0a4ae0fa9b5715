import type { ReactElement, ReactNode } from 'react';

/** What is said in one place: a heading and what belongs to it. */
export const Part = ({ title, children }: { title: string; children: ReactNode }): ReactElement => (
  <section className="lb-part" aria-label={title}>
    <h2>{title}</h2>
    {children}
  </section>
);

/** Facts as names and values. */
export const Facts = ({ label, facts }: { label: string; facts: readonly (readonly [string, ReactNode])[] }): ReactElement => (
  <dl className="lb-facts" aria-label={label}>
    {facts.map(([name, value]) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd dir="auto">{value}</dd>
      </div>
    ))}
  </dl>
);

interface TableProps {
  label: string;
  heads: readonly string[];
  /** The columns, by place, that hold numbers. */
  numbers?: readonly number[];
  rows: readonly (readonly ReactNode[])[];
}

/** A small table: the first column names the rows. */
export function Table({ label, heads, numbers = [], rows }: TableProps): ReactElement {
  const side = (place: number): string | undefined => (numbers.includes(place) ? 'lb-mod-number' : undefined);
  return (
    <div className="lb-grid-scroll" role="region" aria-label={label} tabIndex={0}>
      <table className="lb-table">
        <thead>
          <tr>
            {heads.map((head, place) => (
              <th key={place} scope="col" className={side(place)}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells, row) => (
            <tr key={row}>
              {cells.map((value, place) =>
                place === 0 ? (
                  <th key={place} scope="row" dir="auto">
                    {value}
                  </th>
                ) : (
                  <td key={place} className={side(place)} dir="auto">
                    {value}
                  </td>
                )
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
