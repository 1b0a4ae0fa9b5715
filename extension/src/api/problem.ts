/** What an error says to a person: what happened and why, what to do, and how to find it in the log. */
export class Problem extends Error {
  readonly code: string;
  readonly hint: string;
  readonly requestId: string;
  readonly details: Record<string, unknown>;

  constructor(message: string, code: string, hint: string, requestId: string, details: Record<string, unknown> = {}) {
    super(message);
    this.name = 'Problem';
    this.code = code;
    this.hint = hint;
    this.requestId = requestId;
    this.details = details;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Reads the server's one error shape; anything else becomes a sentence about the status. */
export function problemOf(status: number, body: string): Problem {
  try {
    const parsed: unknown = JSON.parse(body);
    const error = isRecord(parsed) && isRecord(parsed['error']) ? parsed['error'] : undefined;
    if (error) {
      const details = isRecord(error['details']) ? error['details'] : {};
      return new Problem(
        text(error['message']) || `The server answered ${status}.`,
        text(error['code']) || String(status),
        text(error['hint']),
        text(error['request_id']),
        details
      );
    }
  } catch {
    return unreadable(status);
  }
  return unreadable(status);
}

/** What the server answered; a refusal, and what is not its own (a page to log in), is thrown as a Problem. */
export function answerOf<T>(status: number, body: string): T {
  if (status < 200 || status > 299) {
    throw problemOf(status, body);
  }
  try {
    return JSON.parse(body) as T;
  } catch {
    throw new Problem('What answered is not lakebook.', 'unreadable', 'Reload the page; log in where it asks for it.', '');
  }
}

function unreadable(status: number): Problem {
  if (status === 404) {
    return new Problem(
      'This server does not know lakebook.',
      'not_installed',
      'Run `jupyter server extension enable lakebook_server`, then start it again.',
      ''
    );
  }
  if (status === 401 || status === 403) {
    return new Problem('You are not logged in any more.', 'unauthorized', 'Reload the page and log in.', '');
  }
  return new Problem(`The server answered ${status}.`, String(status), 'Try again; its log says more.', '');
}

export function unreachable(): Problem {
  return new Problem(
    'The server cannot be reached.',
    'unreachable',
    'See whether it still runs. Work that it has accepted goes on when it is back.',
    ''
  );
}

export function stopped(): Problem {
  return new Problem('The upload was stopped.', 'aborted', 'Drop the file again.', '');
}

/** Anything thrown, as a Problem. */
export function asProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) {
    return thrown;
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new Problem(message || 'Something went wrong here.', 'panel', 'Reload the page and try again.', '');
}
