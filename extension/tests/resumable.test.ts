import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { type Sending, type Sent, sendFile } from '../src/api/upload.ts';
import { page, storage } from './fakes/browser.ts';
import { FakeServer, FakeUpload, refusal, settled } from './fakes/server.ts';
import { job } from './given.ts';

const MB = 2 ** 20;
const SIZE = 20 * MB;
const PART = 16 * MB;
const UPLOADS = 'http://127.0.0.1:8888/lakebook/api/v1/uploads';
const CREATED = { Location: '/lakebook/api/v1/uploads/u-1' };

const large = (size = SIZE): File => new File([new Uint8Array(size)], 'größe.csv', { lastModified: 5 });

interface Begun {
  sending: Sending;
  seen: Sent[];
}

function begin(server = new FakeServer(), file = large(), mode: 'fail' | 'append' = 'fail'): Begun {
  const seen: Sent[] = [];
  const sending = sendFile(server.client, file, mode, sent => seen.push(sent));
  sending.done.catch(() => undefined);
  return { sending, seen };
}

/** The request of this number, once it is sent. */
async function request(number: number): Promise<FakeUpload> {
  for (let turn = 0; turn < 200; turn += 1) {
    const found = FakeUpload.all[number];
    if (found?.body !== undefined) {
      return found;
    }
    await new Promise(resolve => setTimeout(resolve, 5));
  }
  throw new Error(`Request ${number} was never sent.`);
}

async function created(): Promise<FakeUpload> {
  const creation = await request(0);
  creation.end(201, '', CREATED);
  return creation;
}

function afresh(): void {
  beforeEach(() => {
    FakeUpload.all = [];
    storage.clear();
    page.cookie = '_xsrf=2|ab';
  });
  afterEach(() => {
    storage.clear();
    page.cookie = '';
  });
}

describe('a large file', () => {
  afresh();

  it('goes in parts after it was announced, and ends as the job of its id', async () => {
    const server = new FakeServer().on('GET jobs/u-1', job({ job_id: 'u-1' }));
    const { sending, seen } = begin(server);
    const creation = await created();
    assert.deepEqual([creation.method, creation.url, creation.headers['Upload-Length']], ['POST', UPLOADS, String(SIZE)]);
    assert.equal(creation.headers['Tus-Resumable'], '1.0.0');
    const [name] = (creation.headers['Upload-Metadata'] ?? '').split(',');
    assert.equal(Buffer.from(name?.split(' ')[1] ?? '', 'base64').toString(), 'größe.csv');
    const first = await request(1);
    assert.deepEqual([first.method, first.url, first.headers['Upload-Offset']], ['PATCH', `${UPLOADS}/u-1`, '0']);
    assert.equal((first.body as Blob).size, PART);
    first.progress(MB, PART);
    first.end(204, '', { 'Upload-Offset': String(PART) });
    const second = await request(2);
    assert.equal((second.body as Blob).size, SIZE - PART);
    second.end(204, '', { 'Upload-Offset': String(SIZE) });
    assert.equal((await sending.done).job_id, 'u-1');
    assert.deepEqual(seen.find(sent => sent.loaded === MB), { loaded: MB, total: SIZE });
    assert.equal(seen.at(-1)?.loaded, SIZE);
    assert.equal(storage.length, 0);
  });

  it('has the credentials of the other requests', async () => {
    begin(new FakeServer('http://127.0.0.1:8888/', { token: 's3cret', init: { credentials: 'include' } }));
    const creation = await created();
    const part = await request(1);
    for (const { headers, withCredentials } of [creation, part]) {
      assert.deepEqual([headers['Authorization'], headers['X-XSRFToken']], ['token s3cret', '2|ab']);
      assert.equal(withCredentials, true);
    }
    assert.equal(part.headers['Content-Type'], 'application/offset+octet-stream');
  });

  it('begins just past the bound', async () => {
    begin(new FakeServer(), large(8 * MB));
    assert.equal((await request(0)).headers['Tus-Resumable'], undefined);
    begin(new FakeServer(), large(8 * MB + 1));
    assert.equal((await request(1)).headers['Tus-Resumable'], '1.0.0');
  });
});

describe('a large file that is cut', () => {
  afresh();

  it('goes on from where the server stands', async () => {
    const { sending } = begin(new FakeServer().on('GET jobs/u-1', job({ job_id: 'u-1' })));
    await created();
    (await request(1)).onerror();
    const asked = await request(2);
    assert.deepEqual([asked.method, asked.url], ['HEAD', `${UPLOADS}/u-1`]);
    asked.end(200, '', { 'Upload-Offset': String(19 * MB), 'Upload-Length': String(SIZE) });
    const rest = await request(3);
    assert.deepEqual([rest.headers['Upload-Offset'], (rest.body as Blob).size], [String(19 * MB), MB]);
    rest.end(204, '', { 'Upload-Offset': String(SIZE) });
    assert.equal((await sending.done).job_id, 'u-1');
  });

  it('goes on after a reload, and only with the same mode', async () => {
    begin();
    await created();
    await request(1);
    await settled();
    begin();
    const asked = await request(2);
    assert.deepEqual([asked.method, asked.url], ['HEAD', `${UPLOADS}/u-1`]);
    begin(new FakeServer(), large(), 'append');
    assert.equal((await request(3)).method, 'POST');
  });

  it('asks again where another request has moved it', async () => {
    begin();
    await created();
    (await request(1)).end(409, refusal('The upload stands at 3.', '', 'conflict'));
    assert.equal((await request(2)).method, 'HEAD');
  });
});

describe('a large file that is refused', () => {
  afresh();

  it('is so at once, with the words of the server', async () => {
    const { sending } = begin();
    (await request(0)).end(409, refusal('A table is called orders.', 'Replace it.', 'name_taken', 'r-5'));
    await assert.rejects(sending.done, { message: 'A table is called orders.', code: 'name_taken', requestId: 'r-5' });
    assert.equal(FakeUpload.all.length, 1);
  });

  it('is so when the disk is full', async () => {
    const { sending } = begin();
    await created();
    (await request(1)).end(507, refusal('No room left for the upload.', '', 'disk_full'));
    await assert.rejects(sending.done, { code: 'disk_full' });
  });

  it('says why its job cannot be shown', async () => {
    const { sending } = begin(new FakeServer().on('GET jobs/u-1', refusal('No job has this id.', '', 'not_found'), 404));
    await created();
    (await request(1)).end(204, '', { 'Upload-Offset': String(SIZE) });
    await assert.rejects(sending.done, { code: 'not_found' });
  });

  it('is taken back where it is stopped', async () => {
    const { sending } = begin();
    await created();
    await request(1);
    sending.abort();
    await assert.rejects(sending.done, { code: 'aborted', message: 'The upload was stopped.' });
    const last = await request(2);
    assert.deepEqual([last.method, last.url], ['DELETE', `${UPLOADS}/u-1`]);
    last.end(204, '');
    await settled();
    assert.equal(storage.length, 0);
  });

  it('is not even begun where it is stopped at once', async () => {
    const { sending } = begin();
    sending.abort();
    await assert.rejects(sending.done, { code: 'aborted' });
    await settled();
    assert.equal(FakeUpload.all.length, 0);
  });
});
