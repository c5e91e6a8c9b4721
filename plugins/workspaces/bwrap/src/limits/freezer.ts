import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { readText, writeControl } from './control-files.ts';
import type { Groups } from './groups.ts';

const deadlineMs = 2_000;
const pollMs = 2;

/** Stops and continues a sandbox's processes, all but the few that serve it. */
export class Freezer {
  readonly #group: NonNullable<Groups['freezer']>;
  readonly #spared: ReadonlySet<number>;

  constructor(group: NonNullable<Groups['freezer']>, spared: readonly number[]) {
    this.#group = group;
    this.#spared = new Set(spared);
  }

  /**
   * Moves every process that is not spared into a group below that is frozen already. Children are born into their parent's
   * group, so what forks meanwhile is found in the next round. False when not all of them stopped in time.
   */
  async freeze(): Promise<boolean> {
    const work = join(this.#group.folder, 'work');
    await mkdir(work, { recursive: true });
    await this.#set(work, true);
    const deadline = performance.now() + deadlineMs;
    while (performance.now() < deadline) {
      const pids = (await pidsIn(this.#group.folder)).filter((pid) => !this.#spared.has(pid));
      if (pids.length === 0 && (await this.#isFrozen(work))) return true;
      for (const pid of pids) await writeControl(work, 'cgroup.procs', pid);
      if (pids.length === 0) await setTimeout(pollMs);
    }
    return false;
  }

  async thaw(): Promise<void> {
    await this.#set(join(this.#group.folder, 'work'), false);
  }

  #set(work: string, frozen: boolean): Promise<boolean> {
    if (this.#group.version === 2) return writeControl(work, 'cgroup.freeze', frozen ? 1 : 0);
    return writeControl(work, 'freezer.state', frozen ? 'FROZEN' : 'THAWED');
  }

  async #isFrozen(work: string): Promise<boolean> {
    if ((await pidsIn(work)).length === 0) return true;
    if (this.#group.version === 2) return /^frozen 1$/m.test(await readText(join(work, 'cgroup.events')));
    return (await readText(join(work, 'freezer.state'))).trim() === 'FROZEN';
  }
}

async function pidsIn(folder: string): Promise<number[]> {
  return (await readText(join(folder, 'cgroup.procs'))).split('\n').filter(Boolean).map(Number);
}
