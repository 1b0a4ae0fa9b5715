import type { ReactElement } from 'react';
import type { DatasetDetail } from '../api/model';
import { TextButton } from '../parts/buttons';
import { Dialect } from '../parts/Dialect';
import { useCommands } from '../scope';
import { Command } from '../tokens';
import { plural } from '../words/numbers';

type Facts = Readonly<Record<string, unknown>>;

const isFacts = (value: unknown): value is Facts => typeof value === 'object' && value !== null;

/** How the newest version's file was read, and where the rows are that could not be. */
export function Reading({ dataset }: { dataset: DatasetDetail }): ReactElement | null {
  const { can, run } = useCommands();
  const newest = (dataset.versions ?? []).find(version => version['version'] === dataset.version);
  const report = isFacts(newest?.['report']) ? newest['report'] : {};
  const { dialect, rejected_rows: rejected, rejected_table: beside } = report;
  const deviations = isFacts(report['deviation_counts']) ? Object.entries(report['deviation_counts']) : [];
  return (
    <div className="lb-reading">
      <Dialect dialect={isFacts(dialect) ? dialect : {}} />
      {typeof rejected === 'number' && rejected > 0 && (
        <p>
          {plural(rejected, 'row')} could not be read.{' '}
          {typeof beside === 'string' && can(Command.openDataset) && (
            <TextButton onClick={() => run(Command.openDataset, { dataset: `${dataset.layer}.${beside}`, name: beside })}>Open rejected rows</TextButton>
          )}
        </p>
      )}
      {deviations.length > 0 && (
        <p className="lb-quiet">
          Out of the ordinary: {deviations.map(([kind, times]) => `${kind.replace(/_/g, ' ')} ×${String(times)}`).join(', ')}
        </p>
      )}
    </div>
  );
}
