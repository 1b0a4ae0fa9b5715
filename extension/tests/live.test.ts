import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { Live } from '../src/api/live.ts';
import { FakeServer, FakeSocket, settled } from './fakes/server.ts';
import { job } from './given.ts';

let open: Live[] = [];

function start(server = new FakeServer().on('GET jobs', { items: [] })): { live: Live; server: FakeServer; heard: string[] } {
  const live = new Live(server.client);
  open.push(live);
  const heard: string[] = [];
  live.job.connect((_, said) => void heard.push(`${said.job_id} ${said.status}`));
  live.datasets.connect(() => void heard.push('datasets'));
  return { live, server, heard };
}

const later = async (ms: number): Promise<void> => {
  mock.timers.tick(ms);
  await settled();
};

/** Each suite begins afresh; all files share one process, so a hook outside of a suite would be everybody's. */
function afresh(): void {
  beforeEach(() => {
    FakeSocket.all = [];
    mock.timers.enable({ apis: ['setTimeout'] });
  });
  afterEach(() => {
    open.forEach(live => live.dispose());
    open = [];
    mock.timers.reset();
  });
}

describe('the live socket', () => {
  afresh();

  it('opens below the base URL, with the token only where settings say so', () => {
    start(new FakeServer('http://127.0.0.1:8888/user/ada/'));
    assert.equal(FakeSocket.last.url, 'ws://127.0.0.1:8888/user/ada/lakebook/ws/jobs');
    start(new FakeServer('http://127.0.0.1:8888/', { token: 'a b&c' }));
    assert.doesNotMatch(FakeSocket.last.url, /token/);
    start(new FakeServer('http://127.0.0.1:8888/', { token: 'a b&c', appendToken: true }));
    assert.equal(FakeSocket.last.url, 'ws://127.0.0.1:8888/lakebook/ws/jobs?token=a%20b%26c');
  });

  it('tells of jobs and of changed tables as they come', () => {
    const { heard } = start();
    FakeSocket.last.say({ type: 'job', job: job() });
    FakeSocket.last.say({ type: 'datasets' });
    FakeSocket.last.say({ type: 'job', job: job({ status: 'completed' }) });
    assert.deepEqual(heard, ['j-1 processing', 'datasets', 'j-1 completed']);
  });

  it('reads what it missed when it opens, oldest first', async () => {
    const items = [job({ job_id: 'new' }), job({ job_id: 'old', status: 'failed' })];
    const { heard } = start(new FakeServer().on('GET jobs', { items }));
    assert.deepEqual(heard, []);
    FakeSocket.last.onopen();
    await settled();
    assert.deepEqual(heard, ['old failed', 'new processing']);
  });

  it('does not poll while it is open', async () => {
    const { server } = start();
    FakeSocket.last.onopen();
    await settled();
    await later(60_000);
    assert.equal(server.asked.length, 1);
    assert.equal(FakeSocket.all.length, 1);
  });
});

describe('the live socket when it closes', () => {
  afresh();

  it('opens again, each time after a longer wait, never longer than half a minute', async () => {
    start();
    for (const wait of [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
      const tries = FakeSocket.all.length;
      FakeSocket.last.onclose();
      await later(wait - 1);
      assert.equal(FakeSocket.all.length, tries, `still closed before ${wait} ms`);
      await later(1);
      assert.equal(FakeSocket.all.length, tries + 1, `open again after ${wait} ms`);
    }
  });

  it('starts with the short wait again once it was open', async () => {
    start();
    FakeSocket.last.onclose();
    await later(1_000);
    FakeSocket.last.onclose();
    await later(2_000);
    FakeSocket.last.onopen();
    await settled();
    FakeSocket.last.onclose();
    await later(1_000);
    assert.equal(FakeSocket.all.length, 4);
  });

  it('polls the jobs every two seconds until it is open again', async () => {
    const { server, heard } = start(new FakeServer().on('GET jobs', { items: [job()] }));
    FakeSocket.last.onclose();
    await later(1_999);
    assert.equal(server.asked.length, 0);
    await later(1);
    await later(2_000);
    assert.equal(server.asked.length, 2);
    assert.deepEqual(heard, ['j-1 processing', 'j-1 processing']);
    FakeSocket.last.onopen();
    await settled();
    assert.equal(server.asked.length, 3, 'it catches up once');
    await later(20_000);
    assert.equal(server.asked.length, 3, 'and polls no more');
  });

  it('has one poll however often it closes', async () => {
    const { server } = start();
    FakeSocket.last.onclose();
    await later(1_000);
    FakeSocket.last.onclose();
    await later(1_000);
    assert.equal(server.asked.length, 1);
  });

  it('goes on polling while the server is away, and notes it once', async () => {
    const notes = mock.method(console, 'debug', () => undefined);
    const { server, heard } = start(new FakeServer().breaks('GET jobs'));
    FakeSocket.last.onclose();
    for (let turn = 0; turn < 3; turn += 1) {
      await later(2_000);
    }
    assert.equal(server.asked.length, 3);
    assert.equal(notes.mock.callCount(), 1);
    server.on('GET jobs', { items: [job()] });
    await later(2_000);
    assert.deepEqual(heard, ['j-1 processing']);
    notes.mock.restore();
  });
});

describe('the live socket when it is disposed', () => {
  afresh();

  it('closes, does not open again and polls no more', async () => {
    const { live, server } = start();
    live.dispose();
    assert.ok(live.isDisposed);
    assert.ok(FakeSocket.last.wasClosed);
    await later(120_000);
    assert.equal(FakeSocket.all.length, 1);
    assert.deepEqual(server.asked, []);
  });

  it('stops a poll and a wait that are under way', async () => {
    const { live, server } = start();
    FakeSocket.last.onclose();
    live.dispose();
    live.dispose();
    await later(120_000);
    assert.equal(FakeSocket.all.length, 1);
    assert.deepEqual(server.asked, []);
  });

  it('tells nobody any more', () => {
    const { live, heard } = start();
    live.dispose();
    FakeSocket.last.say({ type: 'datasets' });
    assert.deepEqual(heard, []);
  });
});
