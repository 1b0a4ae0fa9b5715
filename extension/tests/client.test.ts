import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Client } from '../src/api/client.ts';
import { Problem } from '../src/api/problem.ts';
import { FakeServer, refusal } from './fakes/server.ts';
import { dataset, HOSTILE, job } from './given.ts';

const API = '/lakebook/api/v1';
const problemFrom = async (answer: Promise<unknown>): Promise<Problem> => {
  try {
    await answer;
  } catch (thrown) {
    assert.ok(thrown instanceof Problem, 'what is thrown is a Problem');
    return thrown;
  }
  throw new Error('It was not refused.');
};

describe('the client below a base URL', () => {
  it('keeps the prefix of the server', async () => {
    for (const base of ['http://127.0.0.1:8888/', 'http://127.0.0.1:8888/user/ada/', 'http://127.0.0.1:8888/user/ada%40x/lab/']) {
      const server = new FakeServer(base).on('GET jobs', { items: [] });
      assert.deepEqual(await server.client.jobs(), []);
      assert.equal(server.asked[0]?.path, `${new URL(base).pathname.replace(/\/$/, '')}${API}/jobs`);
    }
  });

  it('makes the address of a path that the server gave', () => {
    const { client } = new FakeServer('http://127.0.0.1:8888/user/ada/');
    assert.equal(client.address('lakebook/p/abc'), 'http://127.0.0.1:8888/user/ada/lakebook/p/abc');
    assert.equal(client.address('/lakebook/p/abc?x=1'), 'http://127.0.0.1:8888/user/ada/lakebook/p/abc?x=1');
    assert.equal(client.url('uploads'), `http://127.0.0.1:8888/user/ada${API}/uploads`);
  });

  it('adds no nameless number where the Lab caches nothing', async () => {
    const server = new FakeServer('http://127.0.0.1:8888/', { init: { cache: 'no-store' } }).on('GET models', { items: [] });
    await server.client.models();
    assert.deepEqual(server.lines, [`GET ${API}/models`]);
    assert.equal(server.settings.init.cache, 'no-store', 'the settings of others stay as they are');
  });

  it('sends the token of the server', async () => {
    const server = new FakeServer('http://127.0.0.1:8888/', { token: 's3cret' }).on('GET runs', { items: [] });
    await server.client.runs();
    assert.equal(server.asked[0]?.headers.get('Authorization'), 'token s3cret');
  });
});

type Call = readonly [call: (client: Client) => Promise<unknown>, request: string, body: unknown];

const CALLS: readonly Call[] = [
  [client => client.dataset('a'), 'GET datasets/a', undefined],
  [client => client.profile('a'), 'GET datasets/a/profile', undefined],
  [client => client.rename('a', 'b'), 'PATCH datasets/a', { name: 'b' }],
  [client => client.remove('a'), 'DELETE datasets/a', undefined],
  [client => client.restore('a'), 'POST datasets/a/restore', {}],
  [client => client.ingest('x/y.csv'), 'POST ingest', { source: 'x/y.csv' }],
  [client => client.demo('shop'), 'POST demo', { folder: 'shop', if_absent: true }],
  [client => client.ask('how many'), 'POST ask', { question: 'how many' }],
  [client => client.ask('how many', ''), 'POST ask', { question: 'how many' }],
  [client => client.ask('how many', 'a'), 'POST ask', { question: 'how many', dataset: 'a' }],
  [client => client.ask('by month?', '', ''), 'POST ask', { question: 'by month?' }],
  [client => client.ask('by month?', '', 'q-1'), 'POST ask', { question: 'by month?', after: 'q-1' }],
  [client => client.schedule('n.ipynb', '0 6 * * *'), 'POST schedules', { notebook: 'n.ipynb', cron: '0 6 * * *' }],
  [client => client.unschedule('s'), 'DELETE schedules/s', undefined],
  [client => client.run('n.ipynb'), 'POST runs', { notebook: 'n.ipynb', parameters: {} }],
  [client => client.publish('n.ipynb'), 'POST dashboards/publish', { notebook: 'n.ipynb' }],
  [client => client.unpublish('d'), 'DELETE dashboards/d', undefined],
  [client => client.cancel('j'), 'POST jobs/j/cancel', {}],
  [client => client.retry('j'), 'POST jobs/j/retry', {}]
];

describe('the verbs of the client', () => {
  for (const [call, request, body] of CALLS) {
    it(`${request} ${body === undefined ? '' : JSON.stringify(body)}`, async () => {
      const server = new FakeServer().on(request, { ok: request });
      assert.deepEqual(await call(server.client), { ok: request }, 'the answer is given as it is');
      assert.deepEqual(server.asked[0]?.body, body);
      assert.equal(server.asked.length, 1);
    });
  }

  it('unpacks lists', async () => {
    const lists: [(client: Client) => Promise<unknown>, string][] = [
      [client => client.datasets(), 'datasets'],
      [client => client.datasets(true), 'datasets?deleted=true'],
      [client => client.models(), 'models'],
      [client => client.runs(), 'runs'],
      [client => client.schedules(), 'schedules'],
      [client => client.dashboards(), 'dashboards'],
      [client => client.jobs(), 'jobs']
    ];
    for (const [list, path] of lists) {
      const server = new FakeServer().on(`GET ${path}`, { items: [1, 2] });
      assert.deepEqual(await list(server.client), [1, 2]);
    }
  });

  it('keeps every id in one part of the path', async () => {
    for (const id of ['a/b', '../jobs', 'a?b#c', 'ü %2F', ...HOSTILE.filter(text => text.trim() === text)]) {
      const server = new FakeServer();
      await problemFrom(server.client.profile(id));
      const path = server.asked[0]?.path ?? '';
      const [part, ...rest] = path.slice(`${API}/datasets/`.length).split('/');
      assert.deepEqual(rest, ['profile'], path);
      assert.equal(decodeURIComponent(part ?? ''), id);
    }
  });

  it('sends words of any kind as they are', async () => {
    for (const text of HOSTILE) {
      const server = new FakeServer().on('PATCH datasets/a', dataset({ name: text }));
      assert.equal((await server.client.rename('a', text)).name, text);
      assert.deepEqual(server.asked[0]?.body, { name: text });
    }
  });
});

describe('the refusals of the server', () => {
  it('are problems with message, hint, code and request id', async () => {
    const server = new FakeServer().on('POST ingest', refusal('There is no x.csv.', 'Look at its path.', 'not_found', 'r-77'), 404);
    const problem = await problemFrom(server.client.ingest('x.csv'));
    assert.equal(problem.message, 'There is no x.csv.');
    assert.equal(problem.hint, 'Look at its path.');
    assert.equal(problem.code, 'not_found');
    assert.equal(problem.requestId, 'r-77');
  });

  it('are told from a server that cannot be reached', async () => {
    const server = new FakeServer().breaks('GET jobs').on('GET models', refusal('Busy.', '', 'busy'), 503);
    assert.equal((await problemFrom(server.client.jobs())).code, 'unreachable');
    assert.equal((await problemFrom(server.client.models())).code, 'busy');
  });

  it('are sentences when something else has answered', async () => {
    const codes = new Map([[404, 'not_installed'], [401, 'unauthorized'], [403, 'unauthorized'], [500, '500'], [502, '502']]);
    for (const [status, code] of codes) {
      const server = new FakeServer().on('GET runs', '<html><h1>nginx</h1></html>', status);
      const problem = await problemFrom(server.client.runs());
      assert.equal(problem.code, code);
      assert.match(problem.message, /^[A-Z].*\.$/);
      assert.doesNotMatch(problem.message + problem.hint, /</);
    }
  });

  it('count from 400 on; every answer of 200 to 299 is one', async () => {
    const server = new FakeServer().on('POST jobs/j/retry', job({ status: 'queued' }), 202);
    assert.equal((await server.client.retry('j')).status, 'queued');
    server.on('POST jobs/j/retry', refusal('It has ended.'), 409);
    assert.equal((await problemFrom(server.client.retry('j'))).message, 'It has ended.');
  });

  it('is said when a page to log in has answered instead', async () => {
    const server = new FakeServer().on('GET jobs', '<html>Log in</html>', 200);
    const problem = await problemFrom(server.client.jobs());
    assert.equal(problem.code, 'unreadable');
    assert.match(problem.hint, /log in/);
  });
});
