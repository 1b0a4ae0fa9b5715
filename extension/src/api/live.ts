import { URLExt } from '@jupyterlab/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';
import type { Client } from './client';
import type { Job } from './model';

const POLL_MS = 2_000;
const LONGEST_WAIT_MS = 30_000;

type Message = { type: 'job'; job: Job } | { type: 'datasets' };

/** Changes as they happen, over one socket; while it is closed the jobs are polled. */
export class Live implements IDisposable {
  constructor(private readonly client: Client) {
    this.connect();
  }

  get job(): ISignal<this, Job> {
    return this._job;
  }

  get datasets(): ISignal<this, void> {
    return this._datasets;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    window.clearTimeout(this.poll);
    window.clearTimeout(this.again);
    this.socket?.close();
    Signal.clearData(this);
  }

  private connect(): void {
    const { settings } = this.client;
    let url = URLExt.join(settings.wsUrl, 'lakebook/ws/jobs');
    if (settings.appendToken && settings.token) {
      url += `?token=${encodeURIComponent(settings.token)}`;
    }
    const socket = new settings.WebSocket(url);
    this.socket = socket;
    socket.onopen = () => {
      this.failures = 0;
      window.clearTimeout(this.poll);
      this.poll = undefined;
      void this.catchUp();
    };
    socket.onmessage = event => this.take(event.data);
    socket.onclose = () => this.closed();
  }

  private closed(): void {
    if (this._isDisposed) {
      return;
    }
    this.failures += 1;
    const wait = Math.min(LONGEST_WAIT_MS, 500 * 2 ** this.failures);
    this.again = window.setTimeout(() => this.connect(), wait);
    if (this.poll === undefined) {
      this.schedulePoll();
    }
  }

  private schedulePoll(): void {
    this.poll = window.setTimeout(() => {
      void this.catchUp().finally(() => {
        if (this.poll !== undefined && !this._isDisposed) {
          this.schedulePoll();
        }
      });
    }, POLL_MS);
  }

  /** What happened while nobody listened. */
  private async catchUp(): Promise<void> {
    try {
      for (const job of (await this.client.jobs()).reverse()) {
        this._job.emit(job);
      }
      this.caughtUp = true;
    } catch (problem) {
      // The lists in the panel show the same failure to the person; here it would only repeat every two seconds.
      if (this.caughtUp) {
        console.debug('lakebook: jobs are not reachable', problem);
        this.caughtUp = false;
      }
    }
  }

  private take(data: unknown): void {
    const message = JSON.parse(String(data)) as Message;
    if (message.type === 'job') {
      this._job.emit(message.job);
    } else {
      this._datasets.emit();
    }
  }

  private readonly _job = new Signal<this, Job>(this);
  private readonly _datasets = new Signal<this, void>(this);
  private _isDisposed = false;
  private socket: WebSocket | undefined;
  private failures = 0;
  private poll: number | undefined;
  private again: number | undefined;
  private caughtUp = true;
}
