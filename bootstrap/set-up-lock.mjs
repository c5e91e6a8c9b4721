import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, say } from './machine.mjs';

const folder = join(root, '.build');
const lock = join(folder, 'set-up.lock');

/** Runs `work` while no other process sets up this folder. A lock whose owner is gone is taken over. */
export async function withSetUpLock(work) {
  mkdirSync(folder, { recursive: true });
  const own = `${lock}.${process.pid}`;
  writeFileSync(own, identity(process.pid));
  try {
    await acquire(own);
    try {
      return await work();
    } finally {
      rmSync(lock, { force: true });
    }
  } finally {
    rmSync(own, { force: true });
  }
}

async function acquire(own) {
  let told = false;
  // Linking a finished file makes the lock appear with its owner in it, never empty.
  while (!tryLink(own)) {
    const owner = readOwner();
    if (owner !== undefined && owner !== identity(Number.parseInt(owner, 10))) {
      takeAway(owner);
      continue;
    }
    if (!told) say('Another start is setting up this folder; waiting for it.');
    told = true;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function tryLink(own) {
  try {
    linkSync(own, lock);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function readOwner(path = lock) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Two waiting processes may both see a dead owner: the slower one must not remove the quicker one's new lock. */
function takeAway(deadOwner) {
  const aside = `${lock}.stale.${process.pid}`;
  try {
    renameSync(lock, aside);
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  if (readOwner(aside) !== deadOwner) tryLink(aside);
  rmSync(aside, { force: true });
}

/** A process id with its start time: ids are used again. Undefined when no such process runs. */
function identity(pid) {
  const stat = readOwner(`/proc/${pid}/stat`);
  // The name in parentheses may hold spaces; the start time is the 20th field after it.
  return stat === undefined ? undefined : `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
}
