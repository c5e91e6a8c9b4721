import { spawn } from 'node:child_process';
import { constants } from 'node:os';
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
