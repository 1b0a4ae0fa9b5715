import { DetailedError, Upload } from 'tus-js-client';
import type { Client } from './client';
import type { Job, LoadMode } from './model';
import { asProblem, type Problem, problemOf, stopped, unreachable } from './problem';
import { authorize, type Sending, type Sent } from './sending';

const PART = 16 * 2 ** 20;
/** Milliseconds before each try after a cut; they begin anew with every part that arrives. */
const PAUSES = [0, 500, 1000, 2000, 5000, 10_000, 20_000, 30_000, 60_000, 60_000, 60_000];

/** Sends a file by the tus protocol; the same file chosen again, also after a reload, goes on where it stood. */
export function sendInParts(client: Client, file: File, mode: LoadMode, onProgress: (sent: Sent) => void): Sending {
  let upload: Upload | undefined;
  let giveUp: (problem: Problem) => void = () => undefined;
  let isStopped = false;
  const done = new Promise<Job>((resolve, reject) => {
    giveUp = reject;
    upload = new Upload(file, {
      endpoint: client.url('uploads'),
      metadata: { filename: file.name, mode },
      chunkSize: PART,
      retryDelays: PAUSES,
      removeFingerprintOnSuccess: true,
      // The same file with another mode is another upload.
      fingerprint: (same, { endpoint }) =>
        Promise.resolve(['lakebook', endpoint, mode, same.name, same.size, same.lastModified].join(' ')),
      onBeforeRequest: request => authorize(request.getUnderlyingObject() as XMLHttpRequest, client),
      onShouldRetry: error => isPassing(error),
      onProgress: (loaded, total) => onProgress({ loaded, total }),
      onError: error => reject(problemIn(error)),
      onSuccess: () => {
        client.job(idOf(upload?.url)).then(resolve, (thrown: unknown) => reject(asProblem(thrown)));
      }
    });
    void begin(upload, () => isStopped).catch((thrown: unknown) => reject(asProblem(thrown)));
  });
  const abort = (): void => {
    isStopped = true;
    // What has come is taken back too; a server that cannot be reached forgets it in time.
    void upload?.abort(true).catch(() => undefined);
    giveUp(stopped());
  };
  return { done, abort };
}

async function begin(upload: Upload, isStopped: () => boolean): Promise<void> {
  const [former] = await upload.findPreviousUploads();
  if (isStopped()) {
    return;
  }
  if (former) {
    upload.resumeFromPreviousUpload(former);
  }
  upload.start();
}

/** Whether it may go better in a moment: no answer, a server in trouble, or an offset that has moved on. */
function isPassing(error: DetailedError): boolean {
  const answer = error.originalResponse;
  const status = answer?.getStatus() ?? 0;
  return status === 0 || (status >= 500 && status !== 507) || problemOf(status, answer?.getBody() ?? '').code === 'conflict';
}

function problemIn(error: Error): Problem {
  if (!(error instanceof DetailedError)) {
    return asProblem(error);
  }
  const answer = error.originalResponse;
  return answer ? problemOf(answer.getStatus(), answer.getBody()) : unreachable();
}

/** The id of an upload, which is also that of its job. */
function idOf(url: string | null | undefined): string {
  return decodeURIComponent(url?.split('/').at(-1) ?? '');
}
