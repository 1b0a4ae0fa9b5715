import { fileUploadIcon } from '@jupyterlab/ui-components';
import type { ReactElement } from 'react';
import { TextButton } from '../parts/buttons';
import { useCommands } from '../scope';
import { Command } from '../tokens';

/** What a new home shows: one sentence, one big drop zone, one other way. */
export function Empty(): ReactElement {
  const { run } = useCommands();
  return (
    <div className="lb-empty">
      <p>A file dropped here becomes a checked, profiled table that you can ask questions of.</p>
      <button type="button" className="lb-empty-zone" onClick={() => run(Command.load)}>
        <fileUploadIcon.react tag="span" width="32px" height="32px" />
        <span>Drop a file here, or choose one</span>
        <span className="lb-quiet">CSV, JSON lines or Parquet</span>
      </button>
      <p className="lb-empty-else">
        or <TextButton onClick={() => run(Command.demo)}>make demo data</TextButton>
      </p>
    </div>
  );
}
