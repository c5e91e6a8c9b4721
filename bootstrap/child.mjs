import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './machine.mjs';

const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];

/**
 * Runs a command to its end and answers its exit code, as a shell counts it (128 + signal).
 * Its stdout goes to our stderr unless `stdio` says otherwise. Signals that reach us are passed on, so that
 * stopping `npm start` stops what it started, and we outlive the child to report how it ended.
 */
export function runChild([command, ...args], { env = process.env, stdio = ['ignore', 2, 2], cwd = root } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio });
    const handlers = forwarded.map((signal) => {
      const handler = () => {
        // A terminal has already delivered Ctrl-C to the whole group; a second one would read as "stop at once".
        if (signal === 'SIGINT' && process.stdin.isTTY) return;
        child.kill(signal);
      };
      process.on(signal, handler);
      return [signal, handler];
    });
    const release = () => {
      for (const [signal, handler] of handlers) process.off(signal, handler);
    };
    child.on('error', (error) => {
      release();
      reject(error);
    });
    child.on('exit', (code, signal) => {
      release();
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}

/** The same with what it prints kept: the exit code, and stdout and stderr as they came. */
export async function runQuietly(command, options) {
  // A file and no pipe: what the command leaves running cannot keep us waiting.
  const folder = mkdtempSync(join(tmpdir(), 'devfactory-output-'));
  const path = join(folder, 'output');
  const file = openSync(path, 'w');
  try {
    const code = await runChild(command, { ...options, stdio: ['ignore', file, file] });
    return { code, output: readFileSync(path, 'utf8') };
  } finally {
    closeSync(file);
    rmSync(folder, { recursive: true, force: true });
  }
}
