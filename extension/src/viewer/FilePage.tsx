import { useQuery } from '@tanstack/react-query';
import { type ReactElement, useCallback, useEffect, useRef, useState } from 'react';
import type { ViewedFile } from '../api/model';
import { RowsView } from '../grid/RowsView';
import { isArranged, type Order, type RowSource } from '../grid/source';
import { TextButton } from '../parts/buttons';
import { Dialect } from '../parts/Dialect';
import { Trouble, Waiting } from '../parts/Words';
import { useLakebook } from '../scope';
import { bytes, count, plural } from '../words/numbers';
import { LoadButton } from './LoadButton';

/** A file of the Lab: how it is read, its rows, and the step to a table. */
export function FilePage({ path }: { path: string }): ReactElement {
  const { client } = useLakebook();
  const file = useQuery({ queryKey: ['file', path], queryFn: () => client.file(path), staleTime: 0, gcTime: 0, retry: false });
  if (file.isPending) {
    return <Waiting words="Reading the first rows…" />;
  }
  if (file.isError) {
    return (
      <Trouble thrown={file.error}>
        <TextButton onClick={() => void file.refetch()}>Try again</TextButton>
        <LoadButton path={path} />
      </Trouble>
    );
  }
  return <Shown file={file.data} onChanged={() => void file.refetch()} />;
}

/** The figures below the heads: of all rows, or of the first ones. */
function scope({ sampled_rows: sampled, row_count: rows, column_count: columns, columns: shown }: ViewedFile): string {
  const part = shown.length < columns ? `the first ${plural(shown.length, 'column')} of ${count(columns)} are shown` : '';
  const figures = sampled > 0 && sampled !== rows ? `summaries of the first ${plural(sampled, 'row')}` : '';
  return [figures, part].filter(Boolean).join(' · ');
}

function Shown({ file, onChanged }: { file: ViewedFile; onChanged: () => void }): ReactElement {
  const { client } = useLakebook();
  const { path } = file;
  const latest = useRef(onChanged);
  useEffect(() => {
    latest.current = onChanged;
  });
  const [known, setKnownColumns] = useState(file.column_count);
  const source: RowSource = useCallback(
    async (span, order, signal) => {
      const rows = await client.fileRows(path, { ...span, ...order }, signal);
      setKnownColumns(before => Math.max(before, span.first_column + rows.columns.length));
      return rows;
    },
    [client, path]
  );
  const isWider = known > file.column_count;
  useEffect(() => {
    if (isWider) {
      latest.current();
    }
  }, [isWider]);
  const [isKnown, setKnown] = useState(false);
  const settled = (order: Order): void => {
    // Once the whole file was read to be arranged, its summaries are of all its rows.
    if (file.format !== 'parquet' && !isKnown && isArranged(order)) {
      setKnown(true);
      onChanged();
    }
  };
  return (
    <article className="lb-page" aria-label={file.name}>
      <header className="lb-page-head">
        <h1 dir="auto" title={path}>
          {file.name}
        </h1>
        <p className="lb-headline">
          {[bytes(file.size_bytes), plural(file.column_count, 'column'), scope(file)].filter(Boolean).join(' · ')}
        </p>
        <div className="lb-actions">
          <LoadButton path={path} main />
        </div>
      </header>
      <Dialect dialect={file.dialect ?? {}} />
      {!file.sortable && <p className="lb-quiet">This file is too large to be sorted or filtered where it lies. Load it into lakebook for that.</p>}
      <RowsView
        key={file.version}
        label={file.name}
        columns={file.columns}
        rows={file.row_count ?? null}
        sampled={file.sampled_rows}
        source={source}
        sortable={file.sortable}
        isRaw={file.format !== 'parquet'}
        rescue={<LoadButton path={path} />}
        onSettled={settled}
      />
    </article>
  );
}
