import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root } from './machine.mjs';
import { missingPackages, runtimePackages } from './system-packages.mjs';

const missing = missingPackages(runtimePackages);

/** A repository with one project, which answers with its arguments and ends with the code that it is told. */
let folder = '';

beforeEach((context) => {
  if (missing.length > 0) context.skip(`this machine lacks ${missing.join(', ')}`);
  folder = mkdtempSync(join(tmpdir(), 'devfactory-start-'));
  cpSync(join(root, 'bootstrap'), join(folder, 'bootstrap'), { recursive: true });
  // Asks for no package, so that nothing is ever installed through the link below.
  writeFileSync(join(folder, 'package-lock.json'), '{ "packages": {} }');
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'tsconfig.json'), '{ "references": [{ "path": "packages/cli" }] }');
  mkdirSync(join(folder, 'packages/cli/src'), { recursive: true });
  writeFileSync(join(folder, 'packages/cli/package.json'), '{ "type": "module" }');
  writeMain(`process.stdout.write(JSON.stringify(process.argv.slice(2))); process.exitCode = 3;`);
});

afterEach(() => {
  if (folder !== '') rmSync(folder, { recursive: true, force: true });
});

describe('npm start', () => {
  it('builds once, answers on stdout only, and passes arguments and exit code through', async () => {
    const first = await start(['run', 'a b', '--json']).ended;
    expect(first).toMatchObject({ code: 3, stdout: '["run","a b","--json"]' });
    expect(first.stderr).toContain('Building.');

    const second = await start(['run']).ended;
    expect(second).toMatchObject({ code: 3, stdout: '["run"]', stderr: '' });
  });

  it('without arguments brings the factory up', async () => {
    expect(await start([]).ended).toMatchObject({ stdout: '["up"]' });
  });

  it('builds again when a source changed', async () => {
    await start([]).ended;
    writeMain(`process.stdout.write('changed');`);
    expect(await start([]).ended).toMatchObject({ code: 0, stdout: 'changed' });
  });

  it('says which source is broken, and starts nothing', async () => {
    writeMain('const = ;');
    const result = await start([]).ended;
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toContain('packages/cli');
  });

  it('says that it built and not what, unless it failed', async () => {
    const withBuild = (build: string): void =>
      writeFileSync(join(folder, 'packages/cli/package.json'), JSON.stringify({ type: 'module', scripts: { build } }));
    withBuild('echo asset-1.js; echo asset-2.js >&2');
    const first = await start([]).ended;
    expect(first.stderr.split('\n')).toEqual([
      expect.stringContaining('Building.'),
      expect.stringMatching(/Built in .* s\.$/),
      '',
    ]);

    withBuild('echo asset-3.js; echo no such icon >&2; exit 9');
    const second = await start([]).ended;
    expect(second).toMatchObject({ code: 1, stdout: '' });
    expect(second.stderr).toMatch(/packages\/cli: .*exit code 9\.\nasset-3\.js\nno such icon\n/);
  });

  it('builds once for starts at the same time, and takes over the lock of a dead one', async () => {
    mkdirSync(join(folder, '.build'));
    writeFileSync(join(folder, '.build/set-up.lock'), '4194304 1');
    const results = await Promise.all(['a', 'b', 'c'].map((name) => start([name]).ended));
    expect(results.map((result) => result.stdout)).toEqual(['["a"]', '["b"]', '["c"]']);
    expect(results.filter((result) => result.stderr.includes('Building.'))).toHaveLength(1);
    expect(readdirSync(join(folder, '.build'))).toEqual(['built', 'compiled']);
  });

  it('passes a signal on, and ends as what it started ended', async () => {
    writeMain(`
      process.on('SIGTERM', () => { process.stdout.write('stopped'); process.exit(7); });
      setInterval(() => {}, 1000);
      process.stdout.write('ready ');
    `);
    const { child, ended } = start(['up']);
    child.stdout?.once('data', () => child.kill('SIGTERM'));
    expect(await ended).toMatchObject({ code: 7, stdout: 'ready stopped' });
  });
});

function writeMain(code: string): void {
  writeFileSync(join(folder, 'packages/cli/src/main.ts'), code);
}

interface Result {
  code: number | null;
  stdout: string;
  stderr: string;
}

function start(args: string[]): { child: ChildProcess; ended: Promise<Result> } {
  const { INIT_CWD: _, ...env } = process.env;
  const child = spawn(process.execPath, ['bootstrap/start.mjs', ...args], { cwd: folder, env });
  const ended = new Promise<Result>((resolve, reject) => {
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { child, ended };
}
