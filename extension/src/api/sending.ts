import { PageConfig } from '@jupyterlab/coreutils';
import type { Client } from './client';
import type { Job } from './model';

export interface Sent {
  loaded: number;
  total: number;
}

export interface Sending {
  done: Promise<Job>;
  abort: () => void;
}

/** Gives a request the credentials that the client's own requests have. */
export function authorize(request: XMLHttpRequest, client: Client): void {
  request.withCredentials = client.settings.init.credentials === 'include';
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
