import type { ReactElement } from 'react';
import type { ColumnProfile } from '../api/model';
import { count, figure, percent } from '../words/numbers';

const WIDTH = 96;
const HEIGHT = 24;

type Bins = ColumnProfile['histogram'];

/** A column's values as tiny bars. */
export function Histogram({ bins, label }: { bins: Bins; label: string }): ReactElement | null {
  if (!bins || bins.length === 0) {
    return null;
  }
  const most = Math.max(...bins.map(bin => bin[2]), 1);
  const width = WIDTH / bins.length;
  return (
    <svg className="lb-histogram" role="img" aria-label={label} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none">
      {bins.map((bin, index) => {
        const [low, high, rows] = bin;
        const height = rows === 0 ? 0 : Math.max(1, (rows / most) * HEIGHT);
        return (
          <rect key={index} x={index * width} y={HEIGHT - height} width={Math.max(width - 0.5, 0.5)} height={height}>
            <title>{`${figure(low)} to ${figure(high)}: ${count(rows)}`}</title>
          </rect>
        );
      })}
    </svg>
  );
}

/** The share of a column that is null, as a bar with its figure in words for who does not see it. */
export const NullBar = ({ share }: { share: number }): ReactElement => (
  <span className="lb-null-bar" title={share === 0 ? 'No nulls' : `${percent(share)} null`}>
    <span className="lb-null-part" style={{ width: `${share}%` }} />
    <span className="lb-sr">{share === 0 ? 'no nulls' : `${percent(share)} null`}</span>
  </span>
);

/** The commonest values of a column and their shares of the rows. */
export function TopValues({ column, rows, most }: { column: ColumnProfile; rows: number; most: number }): ReactElement {
  const top = (column.top_values ?? []).slice(0, most);
  return (
    <ul className="lb-top" aria-label={`Most frequent values of ${column.name}`}>
      {top.map(([value, times], index) => (
        <li key={index} title={`${value}: ${count(times)}`}>
          <span className="lb-top-value">{value === '' ? '(empty)' : value}</span>
          <span className="lb-top-share">{percent(rows ? (times / rows) * 100 : 0)}</span>
        </li>
      ))}
    </ul>
  );
}
