import { readFile } from 'node:fs/promises';

export interface LifeWatchOptions {
  /** Resolves when the supervisor answered. */
  readonly ping: () => Promise<void>;
  /** Bytes that came from it so far. An answer may stand behind much that it has to do or to say first. */
  readonly heard: () => number;
  /** The supervisor as the host sees it; null where that is not known. */
  readonly pid: number | null;
  /** Called at most once, with a sentence. */
  readonly lost: (sentence: string) => void;
}

const tickMs = 1_000;
const pingEveryTicks = 5;
/**
 * What a healthy supervisor on a crowded machine needs at most. Counted in our own ticks and not by the clock: where this process
 * gets no time either, or the machine slept, the count waits too.
 */
const silentTicks = 20;
/** One look may meet a moment between stop and continue. */
const stoppedTicks = 2;

/**
 * Sees that a supervisor still works, since everything else that watches a sandbox asks the supervisor. Processes inside are of
 * its user: they can stop it, and slow it down until it does not answer.
 */
export class LifeWatch {
  readonly #options: LifeWatchOptions;
  #timer: NodeJS.Timeout | null = null;
  #over = false;
  #asked = false;
  #rest = pingEveryTicks;
  #silent = 0;
  #stopped = 0;
  #heard = 0;

  constructor(options: LifeWatchOptions) {
    this.#options = options;
    this.#schedule();
  }

  stop(): void {
    this.#over = true;
    if (this.#timer) clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#over) return;
    this.#timer = setTimeout(() => void this.#tick(), tickMs);
    this.#timer.unref();
  }

  async #tick(): Promise<void> {
    this.#stopped = (await isStopped(this.#options.pid)) ? this.#stopped + 1 : 0;
    const heard = this.#options.heard();
    this.#silent = this.#asked && heard === this.#heard ? this.#silent + 1 : 0;
    this.#heard = heard;
    this.#rest -= 1;
    if (!this.#asked && this.#rest <= 0) void this.#ask();
    const sentence = this.#complaint();
    if (sentence !== null && !this.#over) {
      this.stop();
      this.#options.lost(sentence);
    }
    this.#schedule();
  }

  async #ask(): Promise<void> {
    this.#asked = true;
    // A connection that ended is not for us to report: its end ends the sandbox.
    await this.#options.ping().catch(() => undefined);
    this.#asked = false;
    this.#rest = pingEveryTicks;
  }

  #complaint(): string | null {
    if (this.#stopped >= stoppedTicks)
      return 'The sandbox was ended: a process inside stopped the supervisor that watches it.';
    if (this.#silent >= silentTicks)
      return `The sandbox was ended: its supervisor did not answer for ${(silentTicks * tickMs) / 1_000} seconds.`;
    return null;
  }
}

/** By a signal, that is: the cgroup's freezer shows as sleep. */
async function isStopped(pid: number | null): Promise<boolean> {
  if (pid === null) return false;
  const status = await readFile(`/proc/${pid}/status`, 'latin1').catch(() => '');
  return /^State:\tT/m.test(status);
}
