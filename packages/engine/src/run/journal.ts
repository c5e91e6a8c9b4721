import { setTimeout } from 'node:timers/promises';
import { foldEvent, type Actor, type RunState, type Fact } from '@devfactory/contracts';
import { DomainError, type Lease, type RunLog } from '@devfactory/kit';
import { fitFact } from './fit-fact.ts';

/** `signal` aborts; `end` stops listening. */
export interface Interrupts {
  readonly signal: AbortSignal;
  readonly end: () => void;
}

/**
 * One run's events as its owner sees them: what is appended is folded at once, what people say meanwhile comes in with `sync`.
 * All access is in turn, so the state never skips an event.
 */
export class Journal {
  #state: RunState;
  #queue: Promise<unknown> = Promise.resolve();
  readonly #log: RunLog;
  readonly #lease: Lease;

  private constructor(log: RunLog, lease: Lease, state: RunState) {
    this.#log = log;
    this.#lease = lease;
    this.#state = state;
  }

  static async open(log: RunLog, lease: Lease): Promise<Journal> {
    let state: RunState | null = null;
    for (const event of await log.read(lease.runId, 0)) state = foldEvent(state, event);
    if (!state) throw new DomainError('run_missing', 'not-found', { message: `Run ${lease.runId} has no events.` });
    return new Journal(log, lease, state);
  }

  get state(): RunState {
    return this.#state;
  }

  get runId(): string {
    return this.#lease.runId;
  }

  /** Appends facts in one transaction and returns when they are committed and folded. */
  append(actor: Actor, ...facts: readonly Fact[]): Promise<RunState> {
    return this.#inTurn(async () => {
      if (facts.length === 0) return this.#state;
      const events = await this.#log.append(
        this.#lease,
        facts.map((fact) => ({ ...fitFact(fact), actor })),
      );
      if (events[0]?.seq === this.#state.seq + 1)
        for (const event of events) this.#state = foldEvent(this.#state, event);
      else await this.#readOn();
      return this.#state;
    });
  }

  /** The state as it will be with these facts, if nobody else says anything before them. */
  foresee(facts: readonly Fact[]): RunState {
    const { id: runId, seq, updatedAt: at } = this.#state;
    return facts.reduce(
      (state, fact, index) =>
        foldEvent(state, { ...fact, runId, seq: seq + index + 1, at, actor: { kind: 'factory' } }),
      this.#state,
    );
  }

  /** Takes in what others appended; up to a place that is known already, nothing is asked. */
  sync(upTo: number | null = null): Promise<RunState> {
    return this.#inTurn(async () => {
      if (upTo === null || upTo > this.#state.seq) await this.#readOn();
      return this.#state;
    });
  }

  /**
   * A signal that aborts as soon as a person pauses, cancels or restores, or the lease is lost. `end` stops listening.
   * A pause ends what can be continued later (a model call, a verification), never a tool call that has begun.
   */
  interrupts(): Interrupts {
    return this.#listen((state) => state.paused || state.stage.name === 'cancelled' || state.restoreRequested !== null);
  }

  /** The same for what is asked about a tree: also when a person has changed a file since. */
  outdated(): Interrupts {
    return this.#listen(
      (state) =>
        state.paused ||
        state.stage.name === 'cancelled' ||
        state.restoreRequested !== null ||
        state.edits.some((edit) => !edit.kept),
    );
  }

  /** Waits this long, and takes in what others appended; 'interrupted' when a person wants something else first. */
  async quiet(ms: number): Promise<'quiet' | 'interrupted'> {
    const interrupts = this.cancelled();
    try {
      await setTimeout(ms, undefined, { signal: interrupts.signal });
      const state = await this.sync();
      return state.restoreRequested === null ? 'quiet' : 'interrupted';
    } catch (error) {
      if (this.#lease.signal.aborted || !interrupts.signal.aborted) throw error;
      return 'interrupted';
    } finally {
      interrupts.end();
    }
  }

  /** The same for a tool call that has begun: only a cancelled run or a lost lease ends it. */
  cancelled(): Interrupts {
    return this.#listen((state) => state.stage.name === 'cancelled');
  }

  #listen(ends: (state: RunState) => boolean): Interrupts {
    const controller = new AbortController();
    const lost = (): void => controller.abort(this.#lease.signal.reason);
    this.#lease.signal.addEventListener('abort', lost, { once: true });
    const look = (upTo: number | null): void => {
      void this.sync(upTo).then(
        (state) => {
          if (ends(state)) controller.abort(new Error('a person interrupted the run'));
        },
        (error: unknown) => controller.abort(error),
      );
    };
    const unwatch = this.#log.watch(this.runId, look);
    // What was said before the watch began wakes nobody.
    look(null);
    if (this.#lease.signal.aborted) lost();
    return {
      signal: controller.signal,
      end: () => {
        unwatch();
        this.#lease.signal.removeEventListener('abort', lost);
      },
    };
  }

  async #readOn(): Promise<void> {
    for (const event of await this.#log.read(this.runId, this.#state.seq)) this.#state = foldEvent(this.#state, event);
  }

  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const next = this.#queue.then(act);
    this.#queue = next.catch(() => undefined);
    return next;
  }
}
