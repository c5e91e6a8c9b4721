import { foldEvent, type DeliveryProgress, type RunEvent, type RunState } from '@devfactory/contracts';
import { isAtRest } from '../exit-code.ts';
import { CliError } from '../failure.ts';
import type { Connection } from '../server/connect.ts';
import { typed } from '../typed.ts';

export interface WatchOptions {
  readonly runId: string;
  /** What is known already; null to begin with the first event. */
  readonly from: RunState | null;
  /** Rest only counts from this event on: that of the command which ended an earlier rest. */
  readonly restAfter: number;
  /** Goes on when the run waits for a person; ends only at its end. */
  readonly overWaits?: boolean;
  readonly onEvent: (event: RunEvent, state: RunState, before: RunState | null) => void;
  /** How far a delivery is at this moment. */
  readonly onProgress?: (progress: DeliveryProgress) => void;
  readonly talk: (text: string) => void;
}

export interface WatchResult {
  readonly state: RunState;
  /** True when the person left with Ctrl-C while the run was going on. */
  readonly detached: boolean;
}

/** A server that is away this long is not coming back by itself. */
const patienceMs = 1_500;
const mostLosses = 3;

/** Stays with a run until it rests or the person leaves, on another server when the one it had ends. Throws CliError. */
export async function watchRun(connection: Connection, options: WatchOptions): Promise<WatchResult> {
  const leaving = new Leaving(connection);
  let state = options.from;
  try {
    for (let losses = 0; !leaving.signal.aborted; losses += 1) {
      if (state && hasEnded(state, options)) return { state, detached: false };
      if (losses > 0) await findAnother(connection, { options, losses });
      const loss = new Loss(leaving.signal);
      const { client } = connection;
      const after = state?.seq ?? 0;
      for await (const event of client.followRun({
        runId: options.runId,
        after,
        signal: loss.signal,
        onConnection: loss.changed,
        ...(options.onProgress ? { onProgress: options.onProgress } : {}),
      })) {
        losses = 0;
        const before = state;
        state = foldEvent(before, event);
        options.onEvent(event, state, before);
        if (hasEnded(state, options)) return { state, detached: false };
      }
    }
  } finally {
    leaving.forget();
  }
  if (!state)
    throw new CliError(
      `Left before run ${options.runId} told anything. It is kept: ${typed(`logs ${options.runId} --follow`)}`,
    );
  return { state, detached: true };
}

async function findAnother(
  connection: Connection,
  { options, losses }: { readonly options: WatchOptions; readonly losses: number },
): Promise<void> {
  if (losses > mostLosses) {
    throw new CliError(`The server ends again and again. Run ${options.runId} is kept; see why with: ${typed('up')}`);
  }
  options.talk('The server is gone; going on with another.');
  await connection.revive();
}

/** What Ctrl-C meant, for the person who pressed it. */
export function farewell(connection: Connection, runId: string): string {
  const how = connection.own
    ? `The server of this command stops now. The run is kept as it is and goes on with the next start: ${typed('up')}, or: ${typed(`logs ${runId} --follow`)}`
    : `The run goes on in the server. See it again: ${typed(`logs ${runId} --follow`)}, or stop it: ${typed(`pause ${runId}`)}`;
  return `Left run ${runId}. ${how}`;
}

function hasEnded(state: RunState, options: WatchOptions): boolean {
  if (state.seq < options.restAfter) return false;
  return options.overWaits === true
    ? ['delivered', 'finished', 'failed', 'cancelled'].includes(state.stage.name)
    : isAtRest(state);
}

/** The first Ctrl-C leaves in order, the second at once. */
class Leaving {
  readonly #controller = new AbortController();
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
    process.on('SIGINT', this.#heard);
    process.on('SIGTERM', this.#heard);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Once asked to leave, the next signal must still end the process while its server takes its time. */
  forget(): void {
    if (this.signal.aborted) return;
    process.off('SIGINT', this.#heard);
    process.off('SIGTERM', this.#heard);
  }

  readonly #heard = (): void => {
    if (this.signal.aborted) {
      this.#connection.hurry();
      process.exit(1);
    }
    this.#controller.abort();
  };
}

/** Aborts when the person leaves, or when the stream has been away for too long. */
class Loss {
  readonly signal: AbortSignal;
  readonly #controller = new AbortController();
  #timer: NodeJS.Timeout | null = null;

  constructor(leaving: AbortSignal) {
    this.signal = AbortSignal.any([leaving, this.#controller.signal]);
    this.signal.addEventListener('abort', () => this.#stop());
  }

  readonly changed = (connection: 'live' | 'reconnecting'): void => {
    if (connection === 'live') this.#stop();
    else this.#timer ??= setTimeout(() => this.#controller.abort(), patienceMs);
  };

  #stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
