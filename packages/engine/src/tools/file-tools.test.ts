import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BackgroundProcess, Workspace } from '@devfactory/kit';
import { afterAll, expect, test } from 'vitest';
import { openFolderWorkspace } from '../../test/folder-workspace.ts';
import { edit, write } from './file-tools.ts';
import { processTool, shell } from './shell-tool.ts';
import { digestOf, type ToolContext } from './tool.ts';

const folder = mkdtempSync(join(tmpdir(), 'devfactory-tools-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function contextOf(workspace: Workspace): ToolContext {
  const session = {
    processes: new Map<string, BackgroundProcess>(),
    workspace: async () => workspace,
    services: async () => ({ env: {}, troubles: [] }),
  };
  return { session, step: 1, purpose: 'work' } as unknown as ToolContext;
}

test('a file that a killed worker wrote already counts as written, not as changed by somebody', async () => {
  const context = contextOf(openFolderWorkspace(folder));
  const path = join(folder, 'a.txt');
  writeFileSync(path, 'old');
  const input = { path: 'a.txt', content: 'new', seen: digestOf(Buffer.from('old')) };
  expect((await write(context, input)).result.outcome).toBe('ok');
  expect((await write(context, input)).result.outcome).toBe('ok');
  writeFileSync(path, 'of a person');
  expect((await write(context, input)).result).toMatchObject({ outcome: 'error' });
  expect(readFileSync(path, 'utf8')).toBe('of a person');
});

test('an edit keeps what a person changed elsewhere in the file, and is refused where they changed the same place', async () => {
  const context = contextOf(openFolderWorkspace(folder));
  const path = join(folder, 'b.txt');
  const seen = digestOf(Buffer.from('one\ntwo\nthree\n'));
  writeFileSync(path, 'ONE\ntwo\nthree\n');
  const merged = await edit(context, { path: 'b.txt', find: 'three', replace: 'THREE', seen });
  expect(merged.result).toMatchObject({ outcome: 'ok', text: expect.stringContaining('both changes are in it') });
  expect(readFileSync(path, 'utf8')).toBe('ONE\ntwo\nTHREE\n');
  // The agent has not seen the whole of it.
  expect(merged.result.files).toBeUndefined();
  expect((await edit(context, { path: 'b.txt', find: 'one', replace: '1', seen })).result).toMatchObject({
    outcome: 'error',
    text: expect.stringContaining('read it again'),
  });
  expect(readFileSync(path, 'utf8')).toBe('ONE\ntwo\nTHREE\n');
});

test('a process that is started after another was stopped gets a name of its own', async () => {
  const process = { exited: new Promise<never>(() => undefined), kill: async () => undefined, output: () => '' };
  const workspace = { start: async () => process } as unknown as Workspace;
  const context = contextOf(workspace);
  const start = () => shell(context, { command: 'sleep 100', background: true });
  const names = async (): Promise<readonly string[]> => [...context.session.processes.keys()];
  await start();
  await start();
  await processTool(context, { do: 'stop', id: (await names())[0] ?? '' });
  await start();
  expect(await names()).toHaveLength(2);
});
