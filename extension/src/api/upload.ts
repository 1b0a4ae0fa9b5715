import { PageConfig } from '@jupyterlab/coreutils';
import type { Client } from './client';
import type { Job, LoadMode } from './model';
import { answerOf, asProblem, Problem, unreachable } from './problem';

export interface Sent {
  loaded: number;
  total: number;
}

export interface Sending {
  done: Promise<Job>;
  abort: () => void;
}

/** Sends a file's bytes; fetch tells nothing of the way up, so this is an XMLHttpRequest with the same credentials. */
export function sendFile(client: Client, file: File, mode: LoadMode, onProgress: (sent: Sent) => void): Sending {
  const request = new XMLHttpRequest();
  const query = new URLSearchParams({ filename: file.name });
  if (mode !== 'fail') {
    query.set('mode', mode);
  }
  request.open('POST', `${client.url('uploads')}?${query.toString()}`);
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
    request.onabort = () => reject(new Problem('The upload was stopped.', 'aborted', 'Drop the file again.', ''));
  });
  request.send(file);
  return { done, abort: () => request.abort() };
}

function authorize(request: XMLHttpRequest, client: Client): void {
  request.withCredentials = client.settings.init.credentials === 'include';
  request.setRequestHeader('Content-Type', 'application/octet-stream');
  const token = client.settings.token || PageConfig.getToken();
  if (token) {
    request.setRequestHeader('Authorization', `token ${token}`);
  }
  const xsrf = cookie('_xsrf');
  if (xsrf !== undefined) {
    request.setRequestHeader('X-XSRFToken', xsrf);
  }
}

/** The last cookie of the name: tornado reads the last one too where two paths set one. */
function cookie(name: string): string | undefined {
  return document.cookie
    .split(';')
    .map(part => part.trim())
    .filter(part => part.startsWith(`${name}=`))
    .map(part => part.slice(name.length + 1))
    .at(-1);
}
