import { statfs } from 'node:fs/promises';
import { DomainError, type ProbeReport, type WorkspaceDriver } from '@devfactory/kit';

const leastFreeBytes = 512 * 1024 * 1024;
/** A good answer holds for a while; a bad one is asked again soon, for someone may just have mended it. */
const goodForMs = 60_000;
const badForMs = 3_000;

/** Whether this machine can take a run at all. Asked before a run is created, so that no one waits for a run that cannot begin. */
export class Readiness {
  readonly #driver: WorkspaceDriver;
  readonly #dataDir: string;
  #probed: { readonly until: number; readonly report: Promise<ProbeReport> } | null = null;

  constructor(driver: WorkspaceDriver, dataDir: string) {
    this.#driver = driver;
    this.#dataDir = dataDir;
  }

  /** Throws sandbox_unavailable or disk_low, with what mends it. */
  async require(): Promise<void> {
    const free = await this.freeBytes();
    if (free < leastFreeBytes) {
      throw new DomainError('disk_low', 'unavailable', {
        message: `Only ${mebibytes(free)} MiB are free where ${this.#dataDir} lies; a run needs ${mebibytes(leastFreeBytes)} MiB to begin. Make room, then try again.`,
      });
    }
    const report = await this.probe();
    if (!report.usable) {
      throw new DomainError('sandbox_unavailable', 'unavailable', {
        message: `No sandbox can be made here: ${report.found.replace(/\.?$/, '.')}${report.fix === '' ? '' : ` To mend it: ${report.fix}`}`,
      });
    }
  }

  async freeBytes(): Promise<number> {
    try {
      const { bavail, bsize } = await statfs(this.#dataDir);
      return bavail * bsize;
    } catch (error) {
      throw new DomainError('data_dir_unusable', 'unavailable', {
        message: `The data directory ${this.#dataDir} cannot be read any more: ${error instanceof Error ? error.message : String(error)}. Bring it back, or start with another (--data-dir).`,
        cause: error,
      });
    }
  }

  /** The driver's own probe, remembered for a while. */
  async probe(): Promise<ProbeReport> {
    if (!this.#probed || performance.now() > this.#probed.until) {
      this.#probed = { until: performance.now() + goodForMs, report: this.#driver.probe() };
    }
    const asked = this.#probed;
    try {
      const report = await asked.report;
      if (!report.usable && this.#probed === asked)
        this.#probed = { ...asked, until: Math.min(asked.until, performance.now() + badForMs) };
      return report;
    } catch (error) {
      this.#probed = null;
      throw error;
    }
  }
}

function mebibytes(bytes: number): number {
  return Math.floor(bytes / 1024 / 1024);
}
