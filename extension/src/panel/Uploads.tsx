import { closeIcon } from '@jupyterlab/ui-components';
import type { ReactElement } from 'react';
import { IconButton, TextButton } from '../parts/buttons';
import { Trouble } from '../parts/Words';
import { useWork } from '../scope';
import type { Upload } from '../work';
import { bytes } from '../words/numbers';
import { duration } from '../words/times';
import { Progress } from './Progress';

function pace(upload: Upload): string {
  const seconds = (Date.now() - upload.startedAt) / 1000;
  const rate = upload.sent / Math.max(seconds, 0.001);
  const left = rate > 0 ? `, ${duration(((upload.file.size - upload.sent) / rate) * 1000)} left` : '';
  return `${bytes(upload.sent)} of ${bytes(upload.file.size)}, ${bytes(Math.round(rate))}/s${left}`;
}

function Sending({ upload }: { upload: Upload }): ReactElement {
  const work = useWork();
  const share = upload.file.size ? Math.floor((upload.sent / upload.file.size) * 100) : 100;
  return (
    <div className="lb-row lb-mod-split" title={pace(upload)}>
      <span className="lb-name">{upload.file.name}</span>
      <Progress label={`Sending ${upload.file.name}`} percent={share} />
      <span className="lb-figure">{share} %</span>
      <IconButton icon={closeIcon} label={`Stop sending ${upload.file.name}`} onClick={() => work.stop(upload.id)} />
    </div>
  );
}

function Refused({ upload }: { upload: Upload }): ReactElement {
  const work = useWork();
  const taken = upload.problem?.code === 'name_taken';
  return (
    <div className="lb-refused">
      <span className="lb-name">{upload.file.name}</span>
      <Trouble thrown={upload.problem}>
        {taken && <TextButton onClick={() => work.sendAgain(upload, 'replace')}>Replace the table</TextButton>}
        {taken && <TextButton onClick={() => work.sendAgain(upload, 'append')}>Add the rows</TextButton>}
        {!taken && <TextButton onClick={() => work.sendAgain(upload, upload.mode)}>Try again</TextButton>}
        <TextButton onClick={() => work.stop(upload.id)}>Dismiss</TextButton>
      </Trouble>
    </div>
  );
}

/** Files on their way to the server, and those it refused. */
export function Uploads(): ReactElement | null {
  const work = useWork();
  if (work.uploads.length === 0) {
    return null;
  }
  return (
    <ul className="lb-list" aria-label="Files being sent">
      {work.uploads.map(upload => (
        <li key={upload.id}>{upload.problem ? <Refused upload={upload} /> : <Sending upload={upload} />}</li>
      ))}
    </ul>
  );
}
