import type { Client } from './client';
import type { Job, LoadMode } from './model';
import { answerOf, asProblem, stopped, unreachable } from './problem';
import { sendInParts } from './resumable';
import { authorize, type Sending, type Sent } from './sending';

export type { Sending, Sent };

/** Files past this go in parts, so that a cut costs at most one part. */
const LARGE = 8 * 2 ** 20;

/** Sends a file's bytes: a small one in one go, a large one so that it goes on after a cut. */
export function sendFile(client: Client, file: File, mode: LoadMode, onProgress: (sent: Sent) => void): Sending {
  return file.size > LARGE ? sendInParts(client, file, mode, onProgress) : sendWhole(client, file, mode, onProgress);
}

/** Fetch tells nothing of the way up, so this is an XMLHttpRequest with the same credentials. */
function sendWhole(client: Client, file: File, mode: LoadMode, onProgress: (sent: Sent) => void): Sending {
  const request = new XMLHttpRequest();
  const query = new URLSearchParams({ filename: file.name });
  if (mode !== 'fail') {
    query.set('mode', mode);
  }
  request.open('POST', `${client.url('uploads')}?${query.toString()}`);
  request.setRequestHeader('Content-Type', 'application/octet-stream');
  authorize(request, client);
  const done = new Promise<Job>((resolve, reject) => {
    request.upload.onprogress = event => onProgress({ loaded: event.loaded, total: event.total || file.size });
    request.onload = () => {
      try {
        resolve(answerOf<Job>(request.status, request.responseText));
      } catch (problem) {
        reject(asProblem(problem));
      }
    };
    request.onerror = () => reject(unreachable());
    request.onabort = () => reject(stopped());
  });
  request.send(file);
  return { done, abort: () => request.abort() };
}
