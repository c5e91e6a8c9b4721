import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeStage, noSandbox } from './testing/stage.ts';
import type { Stage } from './testing/stage.ts';

describe.skipIf(noSandbox !== null)(`a host that is killed${noSandbox ? ` (skipped: ${noSandbox})` : ''}`, () => {
  let stage: Stage;
  beforeAll(() => {
    stage = makeStage();
  });
  afterAll(() => stage.dispose());

  test('leaves no process behind, and the workspace opens again', async () => {
    const mark = `DFMARK_${randomBytes(8).toString('hex')}`;
    const script = fileURLToPath(new URL('./testing/doomed-host.ts', import.meta.url));
    const host = spawn(process.execPath, ['--conditions=devfactory-source', script, stage.dataDir, mark], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(host.stdout, 'data');
    expect(marked(mark).length).toBeGreaterThan(1);
    host.kill('SIGKILL');
    await expect.poll(() => marked(mark), { timeout: 10_000 }).toEqual([]);
    const limits = { memoryBytes: 5e8, processes: 100, cpus: 1, diskBytes: 1e8, files: 1000, tmpBytes: 1e7 };
    const again = await stage.driver.open({ id: 'doomed', limits, egress: [] });
    expect((await again.exec({ argv: ['sh', '-c', 'ls /proc | grep -c "^[0-9]"'], timeoutMs: 10_000 })).exitCode).toBe(
      0,
    );
    await again.close();
  });
});

/** Processes on this machine that carry the mark in their environment or arguments. */
function marked(mark: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return false;
    try {
      return [`/proc/${pid}/environ`, `/proc/${pid}/cmdline`].some((path) =>
        readFileSync(path, 'latin1').includes(mark),
      );
    } catch {
      return false;
    }
  });
}
