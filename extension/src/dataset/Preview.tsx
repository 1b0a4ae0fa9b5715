import { type ReactElement, useState } from 'react';
import type { ColumnProfile, DatasetDetail } from '../api/model';
import { TextButton } from '../parts/buttons';
import { Cell } from '../parts/Cell';
import { count, isNumeric } from '../words/numbers';
import { Histogram, NullBar, TopValues } from './Histogram';
import { kindOf } from './types';

const COLUMNS_AT_ONCE = 60;

function Head({ column, rows }: { column: ColumnProfile; rows: number }): ReactElement {
  const kind = kindOf(column.data_type);
  const bins = column.histogram ?? [];
  return (
    <th scope="col" title={column.label && column.label !== column.name ? column.label : column.name}>
      <span className="lb-col-name" dir="auto">
        {column.name}
      </span>
      <span className="lb-col-type">
        <span aria-hidden="true" className="lb-sign">
          {kind.sign}
        </span>{' '}
        {kind.word}
      </span>
      <NullBar share={column.null_percentage} />
      <span className="lb-col-summary">
        {bins.length > 0 ? (
          <Histogram bins={bins} label={`How the values of ${column.name} are spread`} />
        ) : (
          <TopValues column={column} rows={rows} most={2} />
        )}
      </span>
    </th>
  );
}

/** The first rows under the summaries of their columns. */
export function Preview({ dataset }: { dataset: DatasetDetail }): ReactElement {
  const [shown, setShown] = useState(COLUMNS_AT_ONCE);
  const columns = dataset.profile?.columns ?? [];
  const rows = dataset.preview ?? [];
  const visible = columns.slice(0, shown);
  const hidden = columns.length - visible.length;
  return (
    <div className="lb-grid-frame">
      <div className="lb-grid-scroll" role="region" aria-label={`First rows of ${dataset.name}`} tabIndex={0}>
        <table className="lb-grid">
          <thead>
            <tr>
              {visible.map(column => (
                <Head key={column.name} column={column} rows={dataset.row_count} />
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <tr key={index}>
                {visible.map(column => (
                  <td key={column.name} dir="auto" className={isNumeric(column.data_type) ? 'lb-mod-number' : undefined}>
                    <Cell value={row[column.name]} type={column.data_type} column={column.name} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="lb-foot">
        {rows.length < dataset.row_count
          ? `The first ${count(rows.length)} of ${count(dataset.row_count)} rows.`
          : `All ${count(rows.length)} rows.`}{' '}
        {hidden > 0 && (
          <TextButton onClick={() => setShown(shown + COLUMNS_AT_ONCE)}>
            Show {Math.min(hidden, COLUMNS_AT_ONCE)} more of {count(hidden)} columns
          </TextButton>
        )}
      </p>
    </div>
  );
}
