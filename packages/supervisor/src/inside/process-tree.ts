import { readdirSync, readFileSync } from 'node:fs';

/** What marks a process as part of one task, as far as a process cannot leave it by forking. */
export interface Task {
  readonly pid: number;
  /** Value of DEVFACTORY_TASK in the environment of its processes. */
  readonly tag: string;
}

export const tagVariable = 'DEVFACTORY_TASK';

interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly session: number;
}

/** Every process of the sandbox but its init, this program and the dead. */
function processes(): ProcessRow[] {
  const rows: ProcessRow[] = [];
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid <= 1 || pid === process.pid) continue;
    const row = readRow(pid);
    if (row) rows.push(row);
  }
  return rows;
}

function readRow(pid: number): ProcessRow | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The command name may hold anything, brackets and spaces included: what counts follows its last bracket.
    const [state, parent, , session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' || state === 'X' ? null : { pid, parent: Number(parent), session: Number(session) };
  } catch {
    return null;
  }
}

function hasTag(pid: number, tags: ReadonlySet<string>): boolean {
  try {
    const variables = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
    return variables.some((each) => each.startsWith(`${tagVariable}=`) && tags.has(each.slice(tagVariable.length + 1)));
  } catch {
    return false;
  }
}

/** Processes that belong to none of the tasks: by ancestry, session or tag. */
function strays(live: readonly Task[]): number[] {
  const rows = processes();
  const byPid = new Map(rows.map((row) => [row.pid, row]));
  const roots = new Set(live.map((task) => task.pid));
  const tags = new Set(live.map((task) => task.tag));
  const belongs = (row: ProcessRow): boolean => {
    if (roots.has(row.session) || hasTag(row.pid, tags)) return true;
    let at: ProcessRow | undefined = row;
    for (let steps = 0; at && steps < 10_000; steps++) {
      if (roots.has(at.pid)) return true;
      at = byPid.get(at.parent);
    }
    return false;
  };
  return rows.filter((row) => !belongs(row)).map((row) => row.pid);
}

/**
 * Kills everything in the sandbox that belongs to none of the live tasks. With no live task the kernel does it in one call,
 * which no fork bomb outruns; else processes are stopped until no new one appears, and then killed.
 */
export function killStrays(live: readonly Task[]): void {
  if (live.length === 0) {
    signal(-1, 'SIGKILL');
    return;
  }
  const stopped = new Set<number>();
  for (let round = 0; round < 100; round++) {
    const fresh = strays(live).filter((pid) => !stopped.has(pid));
    if (fresh.length === 0) break;
    for (const pid of fresh) {
      stopped.add(pid);
      signal(pid, 'SIGSTOP');
    }
  }
  for (const pid of stopped) signal(pid, 'SIGKILL');
}

/** True when it was there to be signalled. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
