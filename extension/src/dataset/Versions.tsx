import { useQueryClient } from '@tanstack/react-query';
import { type ReactElement, useState } from 'react';
import type { DatasetDetail } from '../api/model';
import { TextButton } from '../parts/buttons';
import { confirmed } from '../parts/confirm';
import { Trouble } from '../parts/Words';
import { useLakebook } from '../scope';
import { plural } from '../words/numbers';
import { type Field, Records } from './Records';

const VERSION: readonly Field[] = [
  ['version', 'Version'],
  ['created_at', 'Loaded'],
  ['row_count', 'Rows'],
  ['column_count', 'Columns'],
  ['size_bytes', 'Bytes'],
  ['source', 'Source'],
  ['user_id', 'By']
];

/** The versions of a table, newest first; an older one's content can be had again, as a new version. */
export function Versions({ dataset }: { dataset: DatasetDetail }): ReactElement {
  const { client } = useLakebook();
  const queries = useQueryClient();
  const [thrown, setThrown] = useState<unknown>();
  const restore = async (version: number, rows: unknown): Promise<void> => {
    const words = `${dataset.name} gets the content of version ${version} again (${typeof rows === 'number' ? plural(rows, 'row') : 'its rows'}), as a new version. Every version stays.`;
    if (!(await confirmed(`Restore version ${version}`, words, 'Restore'))) {
      return;
    }
    try {
      await client.restore(dataset.dataset_id, version);
      setThrown(undefined);
      await queries.invalidateQueries();
    } catch (error) {
      setThrown(error);
    }
  };
  return (
    <>
      {thrown !== undefined && <Trouble thrown={thrown} />}
      <Records
        label="Versions"
        items={dataset.versions ?? []}
        fields={VERSION}
        none="No version is recorded."
        action={({ version, row_count: rows }) =>
          typeof version === 'number' && version !== dataset.version ? (
            <TextButton onClick={() => void restore(version, rows)}>Restore this version</TextButton>
          ) : (
            <span className="lb-quiet">shown now</span>
          )
        }
      />
    </>
  );
}
