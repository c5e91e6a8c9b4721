import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import type { WorkspaceLimits } from '@devfactory/kit';

export interface DiskWatchOptions {
  /** A folder on the file system that holds the workspace. */
  readonly folder: string;
  readonly limits: WorkspaceLimits;
  readonly measure: () => Promise<DiskUsage>;
  /** Where it is kept that a workspace was ended for its size. */
  readonly recordPath: string;
  /** Called once, with a sentence. */
  readonly exceeded: (sentence: string) => void;
}

export interface DiskUsage {
  readonly bytes: number;
  readonly files: number;
}

const tickMs = 250;
/** Growth of anything on the same disk that asks for a look at once. */
const suspiciousBytes = 32 * 1024 * 1024;
const restMs = 10_000;
/** Measuring may take this part of the time at most. */
const share = 4;
/** Below this much free space whoever grows is stopped, before everything else on the machine stumbles. */
const reserveBytes = 64 * 1024 * 1024;
const tolerance: DiskUsage = { bytes: 64 * 1024 * 1024, files: 2_000 };
/** Looks in a row that failed, about a tick apart: not the hiccup of a busy machine, but a supervisor that is kept from looking. */
const failuresBorne = 20;
const nothing: DiskUsage = { bytes: 0, files: 0 };

/**
 * Ends a workspace that outgrows its disk: looks at the disk's free space all the time and at the workspace when that shrinks.
 * One that was ended may be opened again, to be tidied: until it is small again it may not grow beyond what it was.
 */
export class DiskWatch {
  readonly #options: DiskWatchOptions;
  #timer: NodeJS.Timeout | null = null;
  #free = 0;
  #nextLook = 0;
  #earliest = 0;
  #before: DiskUsage = nothing;
  #over = false;
  #failures = 0;
  #last: DiskUsage = nothing;

  constructor(options: DiskWatchOptions) {
    this.#options = options;
    this.#before = readRecord(options.recordPath);
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
    try {
      const { bavail, bsize } = await statfs(this.#options.folder);
      const free = bavail * bsize;
      const now = performance.now();
      const due = now >= this.#nextLook || this.#free - free >= suspiciousBytes || free < reserveBytes;
      if (due && now >= this.#earliest) await this.#look(free);
    } catch {
      // The sandbox ended, or the disk cannot be asked: the next tick sees.
    }
    this.#schedule();
  }

  async #look(free: number): Promise<void> {
    const started = performance.now();
    this.#free = free;
    const usage = await this.#measure();
    if (usage === null) return;
    const now = performance.now();
    this.#nextLook = now + restMs;
    this.#earliest = now + share * (now - started);
    const sentence = this.#complaint(usage, free);
    if (this.#over) return;
    if (sentence === null) return this.#forgive(usage);
    this.stop();
    writeFileSync(this.#options.recordPath, JSON.stringify(usage));
    this.#options.exceeded(sentence);
  }

  /** Null when it failed. A sandbox that ended is not told as one that cannot be measured: whoever ends it stops this watch. */
  async #measure(): Promise<DiskUsage | null> {
    try {
      const usage = await this.#options.measure();
      this.#failures = 0;
      return usage;
    } catch (error) {
      this.#failures += 1;
      if (this.#failures < failuresBorne || this.#over) return null;
      this.stop();
      const why = error instanceof Error ? error.message.split('\n')[0]?.slice(0, 200) : '';
      this.#options.exceeded(`What the workspace takes on disk could not be measured: ${why}`);
      return null;
    }
  }

  #forgive(usage: DiskUsage): void {
    const { diskBytes, files } = this.#options.limits;
    if (this.#before === nothing || usage.bytes > diskBytes || usage.files > files) return;
    this.#before = nothing;
    rmSync(this.#options.recordPath, { force: true });
  }

  #complaint(usage: DiskUsage, free: number): string | null {
    const { diskBytes, files } = this.#options.limits;
    const { bytes: bytesBefore, files: filesBefore } = this.#before;
    if (usage.bytes > Math.max(diskBytes, bytesBefore > diskBytes ? bytesBefore + tolerance.bytes : 0)) {
      return `The workspace used ${usage.bytes} bytes of disk; ${diskBytes} are allowed.`;
    }
    if (usage.files > Math.max(files, filesBefore > files ? filesBefore + tolerance.files : 0)) {
      return `The workspace held ${usage.files} files; ${files} are allowed.`;
    }
    const grown = usage.bytes - this.#last.bytes;
    this.#last = usage;
    if (free < reserveBytes && grown > suspiciousBytes) {
      return `The machine's disk is full (${free} bytes left), and this workspace was growing.`;
    }
    return null;
  }
}

function readRecord(path: string): DiskUsage {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as DiskUsage;
  } catch {
    return nothing;
  }
}
