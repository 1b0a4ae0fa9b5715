import { type ReactElement, useState } from 'react';
import type { ColumnProfile, DatasetDetail } from '../api/model';
import { TextButton } from '../parts/buttons';
import { cell, count, figure, isLabel, percent, plural } from '../words/numbers';
import { matches } from '../words/questions';
import { Histogram, NullBar, TopValues } from './Histogram';
import { kindOf } from './types';

const CARDS_AT_ONCE = 60;

function statistics(column: ColumnProfile): [string, string][] {
  const all: [string, unknown][] = [
    ['least', column.min_value],
    ['mean', column.mean],
    ['most', column.max_value],
    ['deviation', column.std_dev]
  ];
  return all.filter(([, value]) => value !== null && value !== undefined).map(([name, value]) => [
    name,
    typeof value === 'number' && !(isLabel(column.name) && Number.isInteger(value))
      ? figure(value)
      : cell(value, column.data_type, column.name)
  ]);
}

function Card({ column, rows }: { column: ColumnProfile; rows: number }): ReactElement {
  const kind = kindOf(column.data_type);
  const bins = column.histogram ?? [];
  return (
    <article className="lb-card" aria-label={column.name}>
      <h3 dir="auto" title={column.label || column.name}>
        {column.name}
      </h3>
      <p className="lb-quiet">
        <span aria-hidden="true" className="lb-sign">
          {kind.sign}
        </span>{' '}
        {kind.word}
        {column.money && <span title={column.money}> · money</span>}
      </p>
      <NullBar share={column.null_percentage} />
      <p className="lb-quiet">
        {column.null_count === 0
          ? 'no nulls'
          : `${plural(column.null_count, 'null')} (${percent(column.null_percentage)})`}{' '}
        · {column.unique_exact ? '' : 'about '}
        {count(column.unique_count)} distinct
      </p>
      {bins.length > 0 && <Histogram bins={bins} label={`How the values of ${column.name} are spread`} />}
      <dl className="lb-statistics">
        {statistics(column).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd title={value}>{value}</dd>
          </div>
        ))}
      </dl>
      {(column.top_values ?? []).length > 0 && <TopValues column={column} rows={rows} most={5} />}
      {(column.notes ?? []).map(note => (
        <p key={note} className="lb-quiet">
          {note}
        </p>
      ))}
    </article>
  );
}

/** A card a column. */
export function Columns({ dataset }: { dataset: DatasetDetail }): ReactElement {
  const [typed, setTyped] = useState('');
  const [shown, setShown] = useState(CARDS_AT_ONCE);
  const all = (dataset.profile?.columns ?? []).filter(column => matches(column.name, typed.trim()));
  return (
    <>
      <input
        type="search"
        className="lb-input lb-filter"
        aria-label="Find a column"
        placeholder="Find a column"
        value={typed}
        onChange={event => setTyped(event.target.value)}
      />
      <div className="lb-cards">
        {all.slice(0, shown).map(column => (
          <Card key={column.name} column={column} rows={dataset.row_count} />
        ))}
      </div>
      {all.length === 0 && <p className="lb-quiet">No column has this name.</p>}
      {all.length > shown && (
        <TextButton onClick={() => setShown(shown + CARDS_AT_ONCE)}>
          Show more of {count(all.length - shown)} columns
        </TextButton>
      )}
    </>
  );
}
