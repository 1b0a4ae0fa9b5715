import { Notification } from '@jupyterlab/apputils';
import { asProblem } from './api/problem';

/** Waits for an answer of the server; a refusal is said and gives undefined. */
export async function said<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (thrown) {
    const problem = asProblem(thrown);
    Notification.error(`${problem.message} ${problem.hint}`.trim(), { autoClose: 10_000 });
    return undefined;
  }
}
