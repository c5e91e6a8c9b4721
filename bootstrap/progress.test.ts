import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { root } from './machine.mjs';

function saying(work: string): { readonly stdout: string; readonly stderr: string } {
  const code = `import { withProgress } from './bootstrap/progress.mjs'; console.log(await withProgress('still at it', ${work}, { everyMs: 20 }));`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', code], { cwd: root, encoding: 'utf8' });
}

test('what takes long says so on stderr until it is done, and hands its answer over', () => {
  const { stdout, stderr } = saying(`() => new Promise((done) => setTimeout(done, 300, 'answer'))`);
  expect(stdout).toBe('answer\n');
  expect(stderr).toMatch(/^( {2}still at it, 0 s\n)+$/);
});

test('what is done at once says nothing', () => {
  expect(saying(`async () => 'answer'`)).toMatchObject({ stdout: 'answer\n', stderr: '' });
});
