import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { runChild } from './child.mjs';
import { say } from './machine.mjs';

// Inherited by whatever a test starts, daemons of their own session included, so that we can find exactly those again.
const marker = `DEVFACTORY_TEST_SESSION=${randomUUID()}`;

/** Runs a tool, ends it when it takes too long, and ends whatever it left behind. Answers its exit code. */
export async function runSupervised(command, { env, limitSeconds }) {
  const [key, value] = marker.split('=');
  const timer = setTimeout(() => {
    say(`${command[0]} took longer than ${limitSeconds} s and is ended.`);
    endMarked();
  }, limitSeconds * 1000);
  try {
    return await runChild(command, { env: { ...env, [key]: value } });
  } catch (error) {
    say(`${command[0]} could not be started: ${error.message}`);
    return 127;
  } finally {
    clearTimeout(timer);
    const left = endMarked();
    if (left.length > 0) say(`${command[0]} left ${left.length} processes behind, now ended: ${left.join(', ')}.`);
  }
}

/** Ends every process that carries our marker; answers their names. */
function endMarked() {
  const ended = [];
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry) || Number(entry) === process.pid || !carriesMarker(entry)) continue;
    try {
      const name = readFileSync(`/proc/${entry}/comm`, 'utf8').trim();
      process.kill(Number(entry), 'SIGKILL');
      ended.push(name);
    } catch (error) {
      if (error.code !== 'ESRCH' && error.code !== 'ENOENT') throw error; // It ended by itself meanwhile.
    }
  }
  return ended;
}

function carriesMarker(pid) {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(marker);
  } catch {
    return false; // Gone meanwhile, or another user's: not one of ours.
  }
}
