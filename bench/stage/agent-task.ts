import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Bench } from './bench.ts';
import { endProcess, firstLine, quietEnvironment } from './factory.ts';

/** Dollars for a million tokens, so that what agents send has a price; those of a small hosted model. */
export const prices = { inputUsd: 1, cachedUsd: 0.1, outputUsd: 5 };

/** The model that every agent has, on loopback. Gives its address, without a path. */
export async function openTaskModel(bench: Bench): Promise<string> {
  const program = join(import.meta.dirname, 'task-model.ts');
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'pipe'], env: quietEnvironment() });
  bench.after(() => endProcess(child, 'SIGTERM'));
  const { url } = JSON.parse(await firstLine(child)) as { url: string };
  return url;
}
