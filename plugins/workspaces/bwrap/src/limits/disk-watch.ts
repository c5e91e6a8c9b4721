import { statfs } from 'node:fs/promises';
import type { WorkspaceLimits } from '@devfactory/kit';

export interface DiskWatchOptions {
  /** A folder on the file system that holds the workspace. */
  readonly folder: string;
  readonly limits: WorkspaceLimits;
  readonly measure: () => Promise<{ readonly bytes: number; readonly files: number }>;
  /** Called once, with a sentence. */
  readonly exceeded: (sentence: string) => void;
}

const tickMs = 250;
/** Growth of anything on the same disk that asks for a look at once. */
const suspiciousBytes = 32 * 1024 * 1024;
const restMs = 10_000;
/** Measuring may take this part of the time at most. */
const share = 4;
/** Below this much free space whoever grows is stopped, before everything else on the machine stumbles. */
const reserveBytes = 64 * 1024 * 1024;
const tolerance = { bytes: 64 * 1024 * 1024, files: 2_000 };

/** Ends a workspace that outgrows its disk: looks at the disk's free space all the time and at the workspace when that shrinks. */
export class DiskWatch {
  readonly #options: DiskWatchOptions;
  #timer: NodeJS.Timeout | null = null;
  #free = 0;
  #nextLook = 0;
  #earliest = 0;
  #baseline: { bytes: number; files: number } | null = null;
  #over = false;

  constructor(options: DiskWatchOptions) {
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
    const usage = await this.#options.measure();
    const now = performance.now();
    this.#nextLook = now + restMs;
    this.#earliest = now + share * (now - started);
    // A workspace that was too large when it was opened may be opened, to be cleaned up; it may not grow.
    this.#baseline ??= usage;
    const sentence = this.#complaint(usage, free);
    if (sentence === null || this.#over) return;
    this.stop();
    this.#options.exceeded(sentence);
  }

  #complaint(usage: { readonly bytes: number; readonly files: number }, free: number): string | null {
    const { diskBytes, files } = this.#options.limits;
    const before = this.#baseline ?? usage;
    if (usage.bytes > Math.max(diskBytes, before.bytes > diskBytes ? before.bytes + tolerance.bytes : 0)) {
      return `The workspace used ${usage.bytes} bytes of disk; ${diskBytes} are allowed.`;
    }
    if (usage.files > Math.max(files, before.files > files ? before.files + tolerance.files : 0)) {
      return `The workspace held ${usage.files} files; ${files} are allowed.`;
    }
    if (free < reserveBytes && usage.bytes > before.bytes + tolerance.bytes) {
      return `The machine's disk is full (${free} bytes left), and this workspace was growing.`;
    }
    return null;
  }
}
