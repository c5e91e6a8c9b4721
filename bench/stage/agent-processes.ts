import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { processorMs, processTree } from './processes.ts';

const everyMs = 250;

/** What an agent's own processes took: those whose home is that of an agent. */
export interface AgentUse {
  /** The most that they held at once, each page counted once; null where there were none, or they may not be looked at. */
  readonly bytes: number | null;
  /** Of the processor, as far as it was seen before they ended. */
  readonly processorMs: number;
}

/** Looks at all processes below the server while `work` goes on. */
export async function whileLooking<T>(server: number, work: Promise<T>): Promise<AgentUse & { readonly value: T }> {
  let most = 0;
  const used = new Map<number, number>();
  const ended = new AbortController();
  const settled = work.finally(() => ended.abort());
  // Who waits for it learns of a failure; until then nobody does.
  settled.catch(() => undefined);
  while (!ended.signal.aborted) {
    let now = 0;
    for (const pid of await processTree(server)) {
      const bytes = await agentBytes(pid);
      if (bytes === 0) continue;
      now += bytes;
      used.set(pid, await processorMs([pid]));
    }
    most = Math.max(most, now);
    await pause(everyMs, undefined, { signal: ended.signal }).catch(() => undefined);
  }
  const value = await settled;
  return { value, bytes: most === 0 ? null : most, processorMs: [...used.values()].reduce((sum, ms) => sum + ms, 0) };
}

/** 0 for what is no process of an agent, or is gone. */
async function agentBytes(pid: number): Promise<number> {
  const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
  if (!environment.includes('HOME=/home/dev/.agent-')) return 0;
  const sums = await readFile(`/proc/${pid}/smaps_rollup`, 'latin1').catch(() => '');
  return Number(/^Pss:\s+(\d+) kB/m.exec(sums)?.[1] ?? 0) * 1024;
}
