import type { ExecResult, Toolchain } from '@devfactory/kit';
import { expect, test } from 'vitest';
import { toolsThere } from './tools.ts';

const needs = [{ command: 'node', debianPackage: 'nodejs' }];
const sees = (result: Partial<ExecResult>): Promise<ReadonlySet<string>> => {
  const whole = { exitCode: 0, signal: null, stdout: '', stderr: '', timedOut: false, ...result } as ExecResult;
  return toolsThere({ exec: async () => whole }, [{ needs } as unknown as Toolchain]);
};

test('a look at the tools that a busy machine cuts short does not say that they are missing', async () => {
  expect((await sees({ stdout: 'node\n' })).has('node')).toBe(true);
  expect((await sees({})).has('node')).toBe(false);
  await expect(sees({ exitCode: null, timedOut: true })).rejects.toMatchObject({ code: 'tools_unseen' });
});
