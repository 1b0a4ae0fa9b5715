import type { ReactElement } from 'react';
import type { Dataset } from '../api/model';
import { RovingList } from '../parts/Roving';
import { useCommands } from '../scope';
import { Command } from '../tokens';
import { count, grade, plural, score, short } from '../words/numbers';
import { ago, exact } from '../words/times';

/** A score with a word for its colour. */
export function Score({ value }: { value: number | null }): ReactElement | null {
  if (value === null) {
    return null;
  }
  const word = grade(value);
  return (
    <span className={`lb-score lb-mod-${word}`} title={`Quality ${score(value)} of 1: ${word}`}>
      <span aria-hidden="true" className="lb-dot" />
      <span className="lb-sr">quality </span>
      {score(value)}
    </span>
  );
}

function describe(dataset: Dataset): string {
  const size = `${plural(dataset.row_count, 'row')}, ${plural(dataset.column_count, 'column')}`;
  return `${dataset.name}: ${size}, version ${dataset.version}, loaded ${exact(dataset.updated_at)}`;
}

/** The tables of the lake, one line each. */
export function DatasetList({ items, label = 'Datasets' }: { items: readonly Dataset[]; label?: string }): ReactElement {
  const { can, run } = useCommands();
  return (
    <RovingList
      label={label}
      items={items}
      keyOf={item => item.dataset_id}
      row={(item, tabIndex) => (
        <button
          type="button"
          data-row
          data-lb-dataset={item.dataset_id}
          data-lb-name={item.name}
          data-lb-layer={item.layer}
          className="lb-row lb-dataset-row"
          tabIndex={tabIndex}
          title={describe(item)}
          disabled={!can(Command.openDataset)}
          onClick={() => run(Command.openDataset, { dataset: item.dataset_id, name: item.name })}
        >
          <span className="lb-name">{item.layer === 'bronze' ? item.name : `${item.layer}.${item.name}`}</span>
          <span className="lb-figure" title={`${count(item.row_count)} rows`}>
            {short(item.row_count)}
          </span>
          <Score value={item.quality_score} />
          <span className="lb-age">{ago(item.updated_at)}</span>
        </button>
      )}
    />
  );
}
