import { type ISignal, Signal } from '@lumino/signaling';
import type { Client } from './api/client';
import { isFinal, type Job, type LoadMode } from './api/model';
import { asProblem, type Problem } from './api/problem';
import { sendFile } from './api/upload';

/** A file on its way up; it becomes a job once the server has it. */
export interface Upload {
  readonly id: number;
  readonly file: File;
  readonly mode: LoadMode;
  readonly startedAt: number;
  readonly sent: number;
  readonly problem?: Problem;
}

const AT_ONCE = 2;

/** The uploads and jobs that this window knows of. */
export class Work {
  constructor(private readonly client: Client) {}

  /** Something in the lists changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** A job that was seen at work has come to its end. */
  get finished(): ISignal<this, Job> {
    return this._finished;
  }

  /** Grows with every change. */
  get version(): number {
    return this._version;
  }

  /** The jobs, newest first. */
  get jobs(): Job[] {
    return [...this._jobs.values()].sort((a, b) => b.created_at.localeCompare(a.created_at));
  }

  get active(): Job[] {
    return this.jobs.filter(job => !isFinal(job));
  }

  get uploads(): readonly Upload[] {
    return this._uploads;
  }

  /** Whether this window started the job. */
  isMine(job: Job): boolean {
    return this.mine.has(job.job_id);
  }

  /** Takes what the server says of a job, unless something newer is known. */
  put(job: Job, mine = false): void {
    if (mine) {
      this.mine.add(job.job_id);
    }
    const known = this._jobs.get(job.job_id);
    if (known && known.updated_at > job.updated_at) {
      return;
    }
    this._jobs.set(job.job_id, job);
    this.touch();
    const seenAtWork = known ? !isFinal(known) : mine;
    if (seenAtWork && isFinal(job)) {
      this._finished.emit(job);
    }
  }

  /** Hides a job that has ended. */
  dismiss(id: string): void {
    this.dismissed.add(id);
    this.touch();
  }

  isDismissed(job: Job): boolean {
    return this.dismissed.has(job.job_id);
  }

  /** Sends files one after the other, two at a time. */
  send(files: readonly File[], mode: LoadMode = 'fail'): void {
    for (const file of files) {
      this.nextId += 1;
      this._uploads.push({ id: this.nextId, file, mode, startedAt: Date.now(), sent: 0 });
    }
    this.touch();
    this.startWaiting();
  }

  /** Sends a file that was refused again, with another way of treating its name. */
  sendAgain(upload: Upload, mode: LoadMode): void {
    this.drop(upload.id);
    this.send([upload.file], mode);
  }

  /** Stops an upload, or takes a refused one off the list. */
  stop(id: number): void {
    this.aborts.get(id)?.();
    this.drop(id);
  }

  private startWaiting(): void {
    for (const upload of this._uploads) {
      if (this.aborts.size >= AT_ONCE) {
        return;
      }
      if (!this.aborts.has(upload.id) && !upload.problem) {
        void this.carry(upload);
      }
    }
  }

  private async carry(upload: Upload): Promise<void> {
    const sending = sendFile(this.client, upload.file, upload.mode, ({ loaded }) =>
      this.change(upload.id, { sent: loaded })
    );
    this.aborts.set(upload.id, sending.abort);
    try {
      const job = await sending.done;
      this.drop(upload.id);
      this.put(job, true);
    } catch (thrown) {
      this.change(upload.id, { problem: asProblem(thrown) });
    } finally {
      this.aborts.delete(upload.id);
      this.startWaiting();
    }
  }

  private change(id: number, facts: Partial<Upload>): void {
    this._uploads = this._uploads.map(upload => (upload.id === id ? { ...upload, ...facts } : upload));
    this.touch();
  }

  private drop(id: number): void {
    this._uploads = this._uploads.filter(upload => upload.id !== id);
    this.touch();
  }

  private touch(): void {
    this._version += 1;
    this._changed.emit();
  }

  private readonly _changed = new Signal<this, void>(this);
  private readonly _finished = new Signal<this, Job>(this);
  private readonly _jobs = new Map<string, Job>();
  private readonly mine = new Set<string>();
  private readonly dismissed = new Set<string>();
  private readonly aborts = new Map<number, () => void>();
  private _uploads: Upload[] = [];
  private _version = 0;
  private nextId = 0;
}
