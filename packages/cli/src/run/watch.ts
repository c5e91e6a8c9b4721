import { foldEvent, type RunEvent, type RunState } from '@devfactory/contracts';
import { isAtRest } from '../exit-code.ts';
import { CliError } from '../failure.ts';
import type { Connection } from '../server/connect.ts';

export interface WatchOptions {
  readonly runId: string;
  /** What is known already; null to begin with the first event. */
  readonly from: RunState | null;
  /** Rest only counts from this event on: that of the command which ended an earlier rest. */
  readonly restAfter: number;
  /** Goes on when the run waits for a person; ends only at its end. */
  readonly overWaits?: boolean;
  readonly onEvent: (event: RunEvent, state: RunState) => void;
  readonly talk: (text: string) => void;
}

export interface WatchResult {
  readonly state: RunState;
  /** True when the person left with Ctrl-C while the run was going on. */
  readonly detached: boolean;
}

/** A server that is away this long is not coming back by itself. */
const patienceMs = 120_000;

/** Stays with a run until it rests or the person leaves. Throws CliError when its server is gone. */
export async function watchRun(connection: Connection, options: WatchOptions): Promise<WatchResult> {
  const leaving = new Leaving(connection);
  const absence = new Absence(options, leaving);
  let state = options.from;
  try {
    if (state && hasEnded(state, options)) return { state, detached: false };
    const events = connection.client.followRun({
      runId: options.runId,
      after: state?.seq ?? 0,
      signal: leaving.signal,
      onConnection: absence.changed,
    });
    for await (const event of events) {
      state = foldEvent(state, event);
      options.onEvent(event, state);
      if (hasEnded(state, options)) return { state, detached: false };
    }
  } finally {
    leaving.forget();
    absence.forget();
  }
  if (leaving.failure) throw leaving.failure;
  if (!state)
    throw new CliError(
      `Left before run ${options.runId} told anything. It is kept: devfactory logs ${options.runId} --follow`,
    );
  return { state, detached: true };
}

/** What Ctrl-C meant, for the person who pressed it. */
export function farewell(connection: Connection, runId: string): string {
  const how = connection.own
    ? `The server of this command stops now. The run is kept as it is and goes on with the next start: devfactory up, or: devfactory logs ${runId} --follow`
    : `The run goes on in the server. See it again: devfactory logs ${runId} --follow, or stop it: devfactory pause ${runId}`;
  return `Left run ${runId}. ${how}`;
}

function hasEnded(state: RunState, options: WatchOptions): boolean {
  if (state.seq < options.restAfter) return false;
  return options.overWaits === true
    ? ['delivered', 'finished', 'failed', 'cancelled'].includes(state.stage.name)
    : isAtRest(state);
}

/** The first Ctrl-C leaves in order, the second at once; a server of ours that dies takes us along. */
class Leaving {
  failure: CliError | null = null;
  readonly #controller = new AbortController();
  readonly #connection: Connection;
  #asked = false;

  constructor(connection: Connection) {
    this.#connection = connection;
    process.on('SIGINT', this.#heard);
    process.on('SIGTERM', this.#heard);
    void connection.gone?.then(() =>
      this.fail('The server of this command ended. The run is kept; go on with: devfactory up'),
    );
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  fail(message: string): void {
    if (this.signal.aborted) return;
    this.failure = new CliError(message);
    this.#controller.abort();
  }

  /** Only the first signal is still ours after this: the second must end the process while the server takes its time. */
  forget(): void {
    process.off('SIGINT', this.#heard);
    process.off('SIGTERM', this.#heard);
    if (!this.#asked) return;
    process.once('SIGINT', this.#endAtOnce);
    process.once('SIGTERM', this.#endAtOnce);
  }

  readonly #heard = (): void => {
    if (this.#asked) this.#endAtOnce();
    this.#asked = true;
    this.#controller.abort();
  };

  readonly #endAtOnce = (): void => {
    this.#connection.hurry();
    process.exit(1);
  };
}

class Absence {
  readonly #options: WatchOptions;
  readonly #leaving: Leaving;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: WatchOptions, leaving: Leaving) {
    this.#options = options;
    this.#leaving = leaving;
  }

  readonly changed = (connection: 'live' | 'reconnecting'): void => {
    if (connection === 'live') {
      if (this.#timer) this.#options.talk('The server is back.');
      this.forget();
    } else if (!this.#timer) {
      this.#options.talk('The connection to the server broke; trying again.');
      this.#timer = setTimeout(
        () =>
          this.#leaving.fail(`The server is gone. Run ${this.#options.runId} is kept; start it again: devfactory up`),
        patienceMs,
      );
    }
  };

  forget(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
