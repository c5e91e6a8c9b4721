import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BackgroundProcess, Workspace } from '@devfactory/kit';
import { afterAll, expect, test } from 'vitest';
import { openFolderWorkspace } from '../../test/folder-workspace.ts';
import { fetchDocs } from './fetch-tool.ts';
import { edit, write } from './file-tools.ts';
import { search } from './search-tool.ts';
import { processTool, shell } from './shell-tool.ts';
import { digestOf, type ToolContext } from './tool.ts';

const pages = createServer((request, response) => {
  if (request.url === '/elsewhere') return void response.writeHead(302, { location: 'http://localhost:9/' }).end();
  if (request.url !== '/page') return void response.writeHead(404).end();
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
  response.end(
    '<html><nav>Menu</nav><main><h2>Use</h2><p>Call <code>f(a &lt; b)</code>.</p><script>evil()</script><a href="/next">More</a></main>',
  );
});
await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
afterAll(() => pages.close());
const docs = `127.0.0.1:${(pages.address() as AddressInfo).port}`;
const folder = mkdtempSync(join(tmpdir(), 'devfactory-tools-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function contextOf(workspace: Workspace): ToolContext {
  const session = {
    processes: new Map<string, BackgroundProcess>(),
    workspace: async () => workspace,
    services: async () => ({ env: {}, troubles: [] }),
    limits: { docsHosts: [docs] },
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

test('a page of documentation comes as text with its links, from listed hosts only', async () => {
  const context = contextOf(openFolderWorkspace(folder));
  const read = async (url: string) => (await fetchDocs(context, { url })).result;
  const page = await read(`http://${docs}/page`);
  expect(page).toMatchObject({ outcome: 'ok' });
  expect(page.text).toContain('## Use\nCall f(a < b).');
  expect(page.text).toContain(`More: http://${docs}/next`);
  expect(page.text).not.toMatch(/Menu|evil/);
  expect(await read(`http://${docs}/nothing`)).toMatchObject({
    outcome: 'error',
    text: expect.stringContaining('404'),
  });
  for (const url of ['https://example.com/', 'http://docs.python.org/', 'file:///etc/passwd', 'no address'])
    expect(await read(url)).toMatchObject({ outcome: 'error', text: expect.stringContaining('these hosts only') });
});

const noRipgrep = spawnSync('rg', ['--version']).status !== 0;
test('a search finds a text as it is written, by grep', () => searched('grep'));
test.skipIf(noRipgrep)(`and by ripgrep${noRipgrep ? ' (skipped: it is not installed)' : ''}`, () => searched('rg'));

async function searched(program: string): Promise<void> {
  const place = mkdtempSync(join(tmpdir(), 'devfactory-search-'));
  mkdirSync(join(place, 'node_modules'));
  writeFileSync(join(place, 'a.txt'), 'one\na.*b (c\n');
  writeFileSync(join(place, 'node_modules', 'x.txt'), 'a.*b (c\n');
  const workspace = openFolderWorkspace(place);
  const exec: Workspace['exec'] = async (spec, signal) =>
    program === 'grep' && spec.argv[0] === 'rg'
      ? workspace.exec({ ...spec, argv: ['/bin/sh', '-c', 'exit 127'] }, signal)
      : workspace.exec(spec, signal);
  const context = contextOf({ ...workspace, exec });
  expect((await search(context, { text: 'a.*b (' })).result).toMatchObject({
    outcome: 'ok',
    text: './a.txt:2:a.*b (c\n',
  });
  expect((await search(context, { text: '-e nothing' })).result.text).toBe('Nothing found.');
  rmSync(place, { recursive: true });
}
