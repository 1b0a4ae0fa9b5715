import type { ReactElement } from 'react';
import type { Dataset } from '../api/model';
import { RovingList } from '../parts/Roving';
import { useCommands } from '../scope';
import { Command } from '../tokens';
import { DatasetList } from './Datasets';
import { useFound } from './find';

interface FoundProps {
  datasets: readonly Dataset[];
  typed: string;
}

/** What the box has found: tables, columns, and the offer to ask. */
export function Found({ datasets, typed }: FoundProps): ReactElement {
  const { can, run } = useCommands();
  const { tables, columns } = useFound(datasets, typed);
  const question = typed.trim();
  return (
    <div className="lb-found">
      {can(Command.ask) && (
        <button type="button" className="lb-row lb-offer" onClick={() => run(Command.ask, { question })}>
          <span className="lb-name">Ask “{question}”</span>
          <kbd>Enter</kbd>
        </button>
      )}
      {tables.length > 0 && <h3 className="lb-found-title">Datasets</h3>}
      <DatasetList items={tables} label="Datasets found" />
      {columns.length > 0 && <h3 className="lb-found-title">Columns</h3>}
      <RovingList
        label="Columns found"
        items={columns}
        keyOf={item => `${item.dataset.dataset_id}/${item.column}`}
        row={(item, tabIndex) => (
          <button
            type="button"
            data-row
            className="lb-row"
            tabIndex={tabIndex}
            onClick={() =>
              run(Command.openDataset, { dataset: item.dataset.dataset_id, name: item.dataset.name, tab: 'columns' })
            }
          >
            <span className="lb-name">{item.column}</span>
            <span className="lb-quiet">{item.dataset.name}</span>
            <span className="lb-figure">{item.type.toLowerCase()}</span>
          </button>
        )}
      />
      {tables.length === 0 && columns.length === 0 && <p className="lb-quiet">No table or column has this name.</p>}
    </div>
  );
}
