import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { createElement as h, type ReactElement } from 'react';
import type { Job } from '../src/api/model.ts';
import { Problem } from '../src/api/problem.ts';
import { DashboardList } from '../src/panel/Dashboards.tsx';
import { JobList } from '../src/panel/Jobs.tsx';
import { ModelList } from '../src/panel/Models.tsx';
import { RunList } from '../src/panel/Runs.tsx';
import { Uploads } from '../src/panel/Uploads.tsx';
import { Command } from '../src/tokens.ts';
import { type Drawn, draw, texts } from './drawn.ts';
import { openedWindows } from './fakes/browser.ts';
import { dialogs } from './fakes/lab.ts';
import { FakeUpload, refusal, settled } from './fakes/server.ts';
import { model } from './given-model.ts';
import { dashboard, failed, type Given, HOSTILE, job, lakebook, run, schedule } from './given.ts';

function jobs(items: readonly Job[], ids: readonly string[] = [Command.openDataset]): { given: Given; drawn: Drawn } {
  const given = lakebook(ids);
  items.forEach(item => given.work.put(item));
  return { given, drawn: draw(h(JobList), given) };
}

/** Each suite begins afresh; all files share one process, so a hook outside of a suite would be everybody's. */
function afresh(): void {
  beforeEach(() => {
    FakeUpload.all = [];
    openedWindows.length = 0;
    dialogs.answers.length = 0;
  });
}

describe('the list of jobs', () => {
  afresh();

  it('says what will be here while it is empty', () => {
    assert.equal(jobs([]).drawn.text, 'Loading, training, running and publishing show here while they work.');
  });

  it('has work first, then what failed, then what is done', () => {
    const at = (second: number): string => `2026-01-10T09:00:0${second}Z`;
    const { drawn } = jobs([
      job({ job_id: '1', title: 'done', status: 'completed', created_at: at(4) }),
      job({ job_id: '2', title: 'failed', status: 'failed', created_at: at(3) }),
      job({ job_id: '3', title: 'waits', status: 'queued', created_at: at(1) }),
      job({ job_id: '4', title: 'works', created_at: at(2) })
    ]);
    assert.deepEqual(texts(drawn.byClass('lb-name')), ['works', 'waits', 'failed', 'done, done']);
  });

  it('shows how far work is, its message and its facts', () => {
    const { drawn } = jobs([job({ facts: { rows_read: 331_000, models: ['a'], best_score: 0.81 } })]);
    assert.equal(drawn.one('progressbar', 'orders.csv').attributes['aria-valuenow'], '61');
    assert.match(drawn.text, /61 %.*Reading rows/);
    assert.match(drawn.byClass('lb-job')[0]?.attributes['title'] ?? '', /^Reading rows · rows read 331,000 · best score 0\.81 · since /);
  });

  it('shows no bar of what only waits', () => {
    const { drawn } = jobs([job({ status: 'queued', message: 'Behind two others' })]);
    assert.equal(drawn.byRole('progressbar').length, 0);
    assert.equal(drawn.byClass('lb-figure')[0]?.text, 'waiting');
  });

  it('cancels what is at work', async () => {
    const { given, drawn } = jobs([job()]);
    given.server.on('POST jobs/j-1/cancel', job({ status: 'cancelled', updated_at: '2026-01-10T09:05:00Z' }));
    drawn.one('button', 'Cancel orders.csv').click();
    await settled();
    assert.equal(given.work.jobs[0]?.status, 'cancelled');
    assert.match(draw(h(JobList), given).text, /orders\.csv, cancelled/);
  });

  it('shows a failure as one line with Why, Retry and Dismiss', async () => {
    const failure = { code: 'bad_row', message: 'Line 1,204 has `9` fields.', hint: 'Pad it.' };
    const { given, drawn } = jobs([job({ status: 'failed', failure, error_message: 'other' })]);
    assert.deepEqual(drawn.byRole('button').map(button => button.name), ['Why?', 'Retry', 'Dismiss orders.csv']);
    assert.equal(drawn.byClass('lb-message')[0]?.text, 'Line 1,204 has 9 fields.');
    given.server.on('POST jobs/j-1/retry', job({ job_id: 'j-2', status: 'queued' }));
    drawn.one('button', 'Retry').click();
    await settled();
    assert.ok(given.work.isMine(job({ job_id: 'j-2' })));
    drawn.one('button', 'Dismiss orders.csv').click();
    assert.equal(draw(h(JobList), given).byClass('lb-mod-failed').length, 0);
  });

  it('has words for a failure that said little', () => {
    const said = (facts: Partial<Job>): string | undefined => jobs([job({ status: 'failed', ...facts })]).drawn.byClass('lb-message')[0]?.text;
    assert.equal(said({ error_message: 'Disk full.' }), 'Disk full.');
    assert.equal(said({ failure: { message: 7 } }), 'It failed and did not say why.');
  });

  it('opens what was made', () => {
    const made = { dataset_id: 'ds-1' };
    const { given, drawn } = jobs([job({ status: 'completed', result: made })]);
    drawn.one('button', 'Open').click();
    assert.deepEqual(given.ran, [[Command.openDataset, { dataset: 'ds-1' }]]);
    assert.equal(jobs([job({ status: 'completed', result: made })], []).drawn.byRole('button').length, 0);
    jobs([job({ status: 'completed', job_type: 'publish', result: { path: 'lakebook/p/abc' } })]).drawn.one('button', 'Open page').click();
    assert.deepEqual(openedWindows, ['http://127.0.0.1:8888/lakebook/p/abc']);
  });

  it('lists a dozen, by hostile titles too', () => {
    const { drawn } = jobs(Array.from({ length: 40 }, (_, index) => job({ job_id: String(index), title: HOSTILE[index % HOSTILE.length] ?? '' })));
    const names = texts(drawn.byClass('lb-name'));
    assert.equal(names.length, 12);
    assert.ok(names.every(name => HOSTILE.includes(name)));
    assert.deepEqual(texts(jobs([job({ title: '', verb: 'train' })]).drawn.byClass('lb-name')), ['train']);
  });
});

describe('the files being sent', () => {
  afresh();

  const sending = (size = 4): { given: Given; look: () => Drawn } => {
    const given = lakebook();
    given.work.send([new File(['x'.repeat(size)], 'orders <1>.csv')]);
    return { given, look: () => draw(h(Uploads), given) };
  };

  it('are nothing while there are none', () => {
    assert.equal(draw(h(Uploads), lakebook()).all.length, 0);
  });

  it('show how far they are and can be stopped', () => {
    const { given, look } = sending();
    FakeUpload.all[0]?.progress(3, 4);
    const drawn = look().one('list', 'Files being sent');
    assert.equal(drawn.one('progressbar', 'Sending orders <1>.csv').attributes['aria-valuenow'], '75');
    assert.match(drawn.byClass('lb-row')[0]?.attributes['title'] ?? '', /^3 B of 4 B, .*\/s, .* left$/);
    drawn.one('button', 'Stop sending orders <1>.csv').click();
    assert.deepEqual(given.work.uploads, []);
  });

  it('are whole at once when they are empty', () => {
    assert.equal(sending(0).look().one('progressbar').attributes['aria-valuenow'], '100');
  });

  it('offer to replace or add where the name is taken', async () => {
    const { given, look } = sending();
    FakeUpload.all[0]?.end(409, refusal('A table is called orders.', 'Choose.', 'name_taken'));
    await settled();
    const drawn = look();
    assert.match(drawn.one('alert').text, /^A table is called orders\.Choose\./);
    assert.deepEqual(drawn.byRole('button').map(button => button.name), ['Replace the table', 'Add the rows', 'Dismiss']);
    drawn.one('button', 'Replace the table').click();
    assert.match(FakeUpload.all[1]?.url ?? '', /mode=replace/);
    assert.equal(given.work.uploads[0]?.problem, undefined);
  });

  it('offer to try again after any other refusal, in the same way', async () => {
    const { given, look } = sending();
    FakeUpload.all[0]?.onerror();
    await settled();
    const drawn = look();
    assert.deepEqual(drawn.byRole('button').map(button => button.name), ['Try again', 'Dismiss']);
    drawn.one('button', 'Try again').click();
    assert.doesNotMatch(FakeUpload.all[1]?.url ?? '', /mode=/);
    drawn.one('button', 'Dismiss').click();
    assert.equal(given.work.uploads.length, 1, 'only the refused one is dismissed');
  });
});

describe('models, runs and dashboards', () => {
  afresh();

  const LISTS: readonly (readonly [() => ReactElement | null, string, RegExp, RegExp])[] = [
    [ModelList, 'models', /^Reading the models…$/, /^No model yet\./],
    [RunList, 'runs', /^Reading the runs…$/, /^No run yet\./],
    [DashboardList, 'dashboards', /^Reading the dashboards…$/, /^No dashboard yet\./]
  ];

  for (const [list, key, waiting, none] of LISTS) {
    it(`${key} say that they are read, that there are none, or what went wrong`, async () => {
      assert.match(draw(h(list), lakebook()).one('status').text, waiting);
      const empty = lakebook();
      empty.queries.setQueryData([key], []);
      empty.queries.setQueryData(['schedules'], []);
      assert.match(draw(h(list), empty).text, none);
      const refused = lakebook();
      refused.queries.setQueryData(['schedules'], []);
      await failed(refused, [key], new Problem('Not now.', 'busy', 'Wait.', ''));
      assert.equal(draw(h(list), refused).one('alert').text, 'Not now.Wait.');
    });
  }

  it('open the page of a model', () => {
    const given = lakebook([Command.insertCell, Command.openModel]);
    given.queries.setQueryData(['models'], [model({ name: HOSTILE[4] ?? '', version: 7 })]);
    draw(h(ModelList), given).one('list', 'Models').one('button').click();
    assert.deepEqual(given.ran, [[Command.openModel, { model: HOSTILE[4], version: 7 }]]);
  });

  it('write the cell that predicts with a model, where its page is disabled', () => {
    const given = lakebook([Command.insertCell]);
    given.queries.setQueryData(['models'], [model(), model({ model_id: 'm-2', name: 'my model', dataset_name: "it's", aliases: [] })]);
    const rows = draw(h(ModelList), given).one('list', 'Models').byRole('button');
    assert.match(rows[0]?.text ?? '', /^survivedv2champion0\.812/);
    assert.match(rows[0]?.attributes['title'] ?? '', /^Better than the baseline\. Scored by balanced accuracy\. Learnt from passengers version 1, /);
    rows.forEach(row => row.click());
    assert.deepEqual(given.ran.map(([, args]) => args['source']), ['%predict survived --dataset passengers', "%predict 'my model' --dataset 'it\\'s'"]);
  });

  it('say how runs went and when schedules are due', async () => {
    const given = lakebook();
    given.queries.setQueryData(['runs'], [run(), run({ run_id: '2', notebook: 'a/<b>.ipynb', status: 'failed', failed_cell: 4, error: 'NameError: x' })]);
    given.queries.setQueryData(['schedules'], [schedule(), schedule({ schedule_id: 's-2', cron: '*/5 * * * *' })]);
    given.server.on('DELETE schedules/s-1', schedule());
    const drawn = draw(h(RunList), given);
    assert.deepEqual(texts(drawn.one('list', 'Schedules').byClass('lb-figure')), ['Every day at 06:00', '*/5 * * * *']);
    const [done, bad] = drawn.one('list', 'Runs').byClass('lb-row');
    assert.match(done?.text ?? '', /^daily\.ipynbdone/);
    assert.match(done?.attributes['title'] ?? '', /^reports\/daily\.ipynb, .*, took 1 min 12 s\.$/);
    assert.match(bad?.text ?? '', /^<b>\.ipynbfailed in cell 4/);
    assert.match(bad?.attributes['title'] ?? '', /Cell 4 failed: NameError: x$/);
    drawn.byRole('button', 'Delete the schedule daily')[0]?.click();
    await settled();
    assert.deepEqual(given.server.lines, ['DELETE /lakebook/api/v1/schedules/s-1']);
  });

  it('delete a dashboard only after the question', async () => {
    const given = lakebook();
    given.queries.setQueryData(['dashboards'], [dashboard({ shared: true })]);
    given.server.on('DELETE dashboards/d-1', dashboard());
    const drawn = draw(h(DashboardList), given);
    assert.match(drawn.one('list', 'Dashboards').text, /^Sales v4shared/);
    for (const accept of [false, true]) {
      dialogs.answers.push({ accept, value: null });
      drawn.one('button', 'Delete Sales').click();
      await settled();
      assert.equal(given.server.asked.length, accept ? 1 : 0);
    }
    assert.equal(dialogs.shown.at(-1)?.['title'], 'Delete Sales?');
  });
});
