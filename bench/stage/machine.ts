import { cpus, loadavg, release, totalmem } from 'node:os';

/** What the figures were measured on. A load near or above the number of cores makes every time longer. */
export interface Machine {
  readonly cores: number;
  readonly processor: string;
  readonly memoryBytes: number;
  readonly kernel: string;
  readonly node: string;
}

export function thisMachine(): Machine {
  const cores = cpus();
  return {
    cores: cores.length,
    processor: cores[0]?.model.trim() ?? 'unknown',
    memoryBytes: totalmem(),
    kernel: release(),
    node: process.version,
  };
}

/** Processes that wanted a core in the last minute, this bench included. */
export function loadNow(): number {
  return loadavg()[0] ?? 0;
}
