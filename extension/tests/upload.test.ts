import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Problem } from '../src/api/problem.ts';
import { type Sending, type Sent, sendFile } from '../src/api/upload.ts';
import { page } from './fakes/browser.ts';
import { FakeServer, FakeUpload, refusal } from './fakes/server.ts';
import { HOSTILE, job } from './given.ts';

const file = (name = 'orders.csv', text = 'a,b\n1,2\n'): File => new File([text], name);

function begin(options: { name?: string; mode?: 'fail' | 'replace' | 'append'; server?: FakeServer } = {}): {
  sending: Sending;
  request: FakeUpload;
  seen: Sent[];
} {
  const seen: Sent[] = [];
  const { client } = options.server ?? new FakeServer();
  const sending = sendFile(client, file(options.name), options.mode ?? 'fail', sent => seen.push(sent));
  const request = FakeUpload.all.at(-1);
  assert.ok(request);
  return { sending, request, seen };
}

/** Each suite begins afresh; all files share one process, so a hook outside of a suite would be everybody's. */
function afresh(): void {
  beforeEach(() => {
    FakeUpload.all = [];
    page.cookie = '';
  });
  afterEach(() => {
    page.cookie = '';
  });
}

describe('an upload', () => {
  afresh();

  it('goes to the address below the base URL with its name', () => {
    const { request } = begin({ server: new FakeServer('http://127.0.0.1:8888/user/ada/') });
    assert.equal(request.method, 'POST');
    assert.equal(request.url, 'http://127.0.0.1:8888/user/ada/lakebook/api/v1/uploads?filename=orders.csv');
    assert.equal(request.headers['Content-Type'], 'application/octet-stream');
    assert.equal((request.body as File).name, 'orders.csv');
  });

  it('keeps names of any kind whole', () => {
    for (const name of HOSTILE) {
      assert.equal(new URL(begin({ name }).request.url).searchParams.get('filename'), name);
    }
  });

  it('says how a taken name is treated only where it differs from the rule', () => {
    assert.equal(new URL(begin().request.url).searchParams.get('mode'), null);
    assert.equal(new URL(begin({ mode: 'replace' }).request.url).searchParams.get('mode'), 'replace');
    assert.equal(new URL(begin({ mode: 'append' }).request.url).searchParams.get('mode'), 'append');
  });

  it('tells how far it is, by the size of the file where the browser does not know the whole', () => {
    const { request, seen } = begin();
    request.progress(3, 8);
    request.progress(8, 0);
    assert.deepEqual(seen, [{ loaded: 3, total: 8 }, { loaded: 8, total: 8 }]);
  });

  it('ends as the job that the server accepted', async () => {
    const { sending, request } = begin();
    request.end(202, job({ job_id: 'j-42' }));
    assert.equal((await sending.done).job_id, 'j-42');
  });
});

describe('an upload that fails', () => {
  afresh();

  it('is the refusal of the server', async () => {
    const { sending, request } = begin();
    request.end(409, refusal('A table is called orders.', 'Replace it.', 'name_taken', 'r-5'));
    await assert.rejects(sending.done, (problem: Problem) => {
      assert.deepEqual([problem.message, problem.hint, problem.code, problem.requestId], ['A table is called orders.', 'Replace it.', 'name_taken', 'r-5']);
      return true;
    });
  });

  it('is a sentence when a proxy has refused it', async () => {
    const { sending, request } = begin();
    request.end(413, '<html>413 Request Entity Too Large</html>');
    await assert.rejects(sending.done, { message: 'The server answered 413.', code: '413' });
  });

  it('says that the server cannot be reached', async () => {
    const { sending, request } = begin();
    request.onerror();
    await assert.rejects(sending.done, { code: 'unreachable' });
  });

  it('says that it was stopped', async () => {
    const { sending } = begin();
    sending.abort();
    await assert.rejects(sending.done, { code: 'aborted', message: 'The upload was stopped.' });
  });
});

describe('the credentials of an upload', () => {
  afresh();

  it('are the token where there is one', () => {
    assert.equal(begin().request.headers['Authorization'], undefined);
    const server = new FakeServer('http://127.0.0.1:8888/', { token: 's3cret' });
    assert.equal(begin({ server }).request.headers['Authorization'], 'token s3cret');
  });

  it('are the cookie against forged requests, the last one of the name', () => {
    assert.equal(begin().request.headers['X-XSRFToken'], undefined);
    page.cookie = '_xsrf=first; other=_xsrf=no; _xsrf=2|ab|cd==; my_xsrf=z';
    assert.equal(begin().request.headers['X-XSRFToken'], '2|ab|cd==');
  });

  it('cross origins only where the settings say so', () => {
    assert.equal(begin().request.withCredentials, false);
    const server = new FakeServer('http://127.0.0.1:8888/', { init: { credentials: 'include' } });
    assert.equal(begin({ server }).request.withCredentials, true);
  });
});

describe('an upload that something else has answered', () => {
  afresh();

  it('comes to its end all the same', async () => {
    const { sending, request } = begin();
    request.end(200, '<html><form action="/login"></form></html>');
    await assert.rejects(sending.done, { name: 'Problem', code: 'unreadable' });
  });
});
