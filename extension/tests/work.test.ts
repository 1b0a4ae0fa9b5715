import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { isFinal, type Job } from '../src/api/model.ts';
import { Work } from '../src/work.ts';
import { FakeServer, FakeUpload, refusal, settled } from './fakes/server.ts';
import { job } from './given.ts';

const at = (minute: number): string => `2026-01-10T09:${String(minute).padStart(2, '0')}:00Z`;
const file = (name: string): File => new File(['a\n1\n'], name);

function begin(): { work: Work; ended: string[]; changes: () => number } {
  const work = new Work(new FakeServer().client);
  const ended: string[] = [];
  let changes = 0;
  work.finished.connect((_, item) => void ended.push(`${item.job_id} ${item.status}`));
  work.changed.connect(() => {
    changes += 1;
  });
  return { work, ended, changes: () => changes };
}

const names = (work: Work): string[] => work.uploads.map(upload => upload.file.name);
const sentNames = (): string[] => FakeUpload.all.map(request => (request.body as File).name);

/** Each suite begins afresh; all files share one process, so a hook outside of a suite would be everybody's. */
function afresh(): void {
  beforeEach(() => {
    FakeUpload.all = [];
  });
}

describe('the jobs of a window', () => {
  afresh();

  it('are listed newest first, and the active ones apart', () => {
    const { work } = begin();
    work.put(job({ job_id: 'b', created_at: at(2), status: 'completed' }));
    work.put(job({ job_id: 'c', created_at: at(3) }));
    work.put(job({ job_id: 'a', created_at: at(1), status: 'queued' }));
    assert.deepEqual(work.jobs.map(item => item.job_id), ['c', 'b', 'a']);
    assert.deepEqual(work.active.map(item => item.job_id), ['c', 'a']);
  });

  it('never go back to what was said earlier', () => {
    const { work, ended, changes } = begin();
    work.put(job({ status: 'completed', progress: 100, updated_at: at(5) }));
    const before = changes();
    work.put(job({ status: 'processing', progress: 50, updated_at: at(4) }));
    assert.equal(work.jobs[0]?.status, 'completed');
    assert.equal(changes(), before);
    assert.deepEqual(ended, []);
  });

  it('are said to end once, and only when they were seen at work', () => {
    const { work, ended } = begin();
    work.put(job({ job_id: 'old', status: 'completed' }));
    work.put(job({ updated_at: at(1) }));
    work.put(job({ status: 'failed', updated_at: at(2) }));
    work.put(job({ status: 'failed', updated_at: at(2) }));
    assert.deepEqual(ended, ['j-1 failed']);
  });

  it('are said to end at once where this window began them', () => {
    const { work, ended } = begin();
    const done = job({ job_id: 'quick', status: 'completed' });
    work.put(done, true);
    assert.deepEqual(ended, ['quick completed']);
    assert.ok(work.isMine(done));
    assert.ok(!work.isMine(job({ job_id: 'other' })));
  });

  it('stay this window’s when the server speaks of them', () => {
    const { work } = begin();
    work.put(job({ updated_at: at(9) }), true);
    work.put(job({ updated_at: at(10) }));
    assert.ok(work.isMine(job()));
    work.put(job({ job_id: 'late', updated_at: at(9) }));
    work.put(job({ job_id: 'late', updated_at: at(1) }), true);
    assert.ok(work.isMine(job({ job_id: 'late' })), 'also where the older news arrives last');
  });

  it('can be dismissed', () => {
    const { work, changes } = begin();
    const failed = job({ status: 'failed' });
    work.put(failed);
    const before = changes();
    work.dismiss('j-1');
    assert.ok(work.isDismissed(failed));
    assert.equal(changes(), before + 1);
    assert.equal(work.version, changes());
  });

  it('are final in three ways', () => {
    const statuses: Job['status'][] = ['queued', 'processing', 'completed', 'failed', 'cancelled'];
    assert.deepEqual(statuses.filter(status => isFinal(job({ status }))), ['completed', 'failed', 'cancelled']);
  });
});

describe('the uploads of a window', () => {
  afresh();

  it('go two at a time, in the order they were given', async () => {
    const { work, ended } = begin();
    work.send([file('a'), file('b'), file('c')]);
    assert.deepEqual(names(work), ['a', 'b', 'c']);
    assert.deepEqual(sentNames(), ['a', 'b']);
    FakeUpload.all[0]?.end(202, job({ job_id: 'ja' }));
    await settled();
    assert.deepEqual(names(work), ['b', 'c']);
    assert.deepEqual(sentNames(), ['a', 'b', 'c']);
    assert.ok(work.isMine(job({ job_id: 'ja' })));
    assert.deepEqual(ended, []);
  });

  it('keep how far they are', () => {
    const { work } = begin();
    work.send([file('a'), file('b')]);
    FakeUpload.all[1]?.progress(3, 4);
    assert.deepEqual(work.uploads.map(upload => upload.sent), [0, 3]);
  });

  it('stay with their problem when they are refused, and let the next one go', async () => {
    const { work } = begin();
    work.send([file('a'), file('b'), file('c')]);
    FakeUpload.all[0]?.end(409, refusal('Taken.', '', 'name_taken'));
    await settled();
    assert.deepEqual(names(work), ['a', 'b', 'c']);
    assert.equal(work.uploads[0]?.problem?.code, 'name_taken');
    assert.deepEqual(sentNames(), ['a', 'b', 'c']);
  });

  it('are sent again in another way', async () => {
    const { work } = begin();
    work.send([file('a')]);
    FakeUpload.all[0]?.end(409, refusal('Taken.', '', 'name_taken'));
    await settled();
    const [refused] = work.uploads;
    assert.ok(refused);
    work.sendAgain(refused, 'append');
    assert.equal(work.uploads.length, 1);
    assert.equal(work.uploads[0]?.problem, undefined);
    assert.notEqual(work.uploads[0]?.id, refused.id);
    assert.match(FakeUpload.all[1]?.url ?? '', /mode=append/);
  });

  it('can be stopped, which lets the next one go', async () => {
    const { work } = begin();
    work.send([file('a'), file('b'), file('c')]);
    const [first] = work.uploads;
    assert.ok(first);
    work.stop(first.id);
    await settled();
    assert.deepEqual(names(work), ['b', 'c']);
    assert.deepEqual(sentNames(), ['a', 'b', 'c']);
  });

  it('can be taken off the list before they begin', async () => {
    const { work } = begin();
    work.send([file('a'), file('b'), file('c')]);
    const waiting = work.uploads[2];
    assert.ok(waiting);
    work.stop(waiting.id);
    FakeUpload.all[0]?.end(202, job());
    await settled();
    assert.deepEqual(sentNames(), ['a', 'b']);
    assert.deepEqual(names(work), ['b']);
  });

  it('may be none at all', () => {
    const { work } = begin();
    work.send([]);
    work.stop(99);
    assert.deepEqual(names(work), []);
    assert.deepEqual(sentNames(), []);
  });
});
