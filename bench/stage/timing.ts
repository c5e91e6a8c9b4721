import { spawn } from 'node:child_process';

/** Milliseconds that `work` takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** `n` samples of each, taken in turn, so that a busy moment of the machine meets all of them alike. */
export async function alternate(n: number, works: readonly (() => Promise<unknown>)[]): Promise<number[][]> {
  const samples = works.map((): number[] => []);
  for (let round = 0; round < n; round += 1) {
    for (const [index, work] of works.entries()) samples[index]?.push(await timed(work));
  }
  return samples;
}

/** Runs a command to its end. Throws with its last words when it fails. */
export function command(argv: readonly string[], options: { readonly env?: NodeJS.ProcessEnv } = {}): Promise<void> {
  return new Promise((resolve, reject) => {
    const [program = '', ...args] = argv;
    const child = spawn(program, args, {
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2000)));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${argv.join(' ')} ended with ${String(code)}: ${said.trim()}`));
    });
  });
}

/** Tries again until it gives something; throws with `what` after the time is up. */
export async function eventually<T>(
  what: string,
  timeoutMs: number,
  attempt: () => Promise<T | null> | T | null,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = await attempt();
    if (found !== null) return found;
    if (performance.now() > deadline) throw new Error(`${what}: not within ${timeoutMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
