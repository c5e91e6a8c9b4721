import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import type { CheckFile } from '@devfactory/contracts';
import { describe, expect, test } from 'vitest';
import { anyTest, foundTests, readReports } from '../test-report.ts';
import {
  type Command,
  runnerFolder,
  type Project,
  type SourceView,
  type TestRun,
  type Toolchain,
} from '../toolchain.ts';
import type { ExecResult } from '../workspace.ts';

/** Files by path. */
export type Tree = Readonly<Record<string, string>>;

/** Locked tests and the tree that they are laid over. */
export interface TestedTree {
  readonly title: string;
  readonly tree: Tree;
  readonly locked: readonly CheckFile[];
  readonly tests: readonly string[];
  /** What the files are found to have when nobody says their tests; `tests` when not given. */
  readonly found?: readonly string[];
  /** A folder to be found as `node_modules` in the project: what its test framework is. */
  readonly packages?: string;
}

export interface ToolchainSuite {
  readonly toolchain: Toolchain;
  /** Trees that must be recognised. */
  readonly recognised: Readonly<Record<string, Tree>>;
  /** Trees of another kind. */
  readonly foreign: Readonly<Record<string, Tree>>;
  /** Trees with broken or odd manifests: detection answers, whatever it says. */
  readonly odd: Readonly<Record<string, Tree>>;
  /** Locked tests that pass, run with this machine's own interpreter. */
  readonly honest: readonly TestedTree[];
  /** Trees that try to look as if the locked tests had passed. */
  readonly liars: readonly TestedTree[];
  /**
   * Titles of the honest trees and liars that run each time, where compiling takes too long for all: the plugin's `.long.test.ts`
   * imports its test, and `npm run test:long` then runs every one. All run each time when it is not given.
   */
  readonly eachTime?: readonly string[];
  /** This machine's word for the interpreter in a test command, e.g. { python: 'python3' }. */
  readonly programs?: Readonly<Record<string, string>>;
  /** What the runner is given beside PATH: a home with a warm cache. */
  readonly env?: Readonly<Record<string, string>>;
  /** True when the project's build comes before its tests. */
  readonly built?: boolean;
  /** A folder to be found as `.devfactory` in each project: what `install` made of the same manifests. */
  readonly installed?: () => string;
  /** Longest time of one test run in milliseconds; 30,000 when not given. */
  readonly runMs?: number;
  /** Why tests cannot run on this machine; null when they can. */
  readonly cannotRun: string | null;
}

const nonce = 'a1'.repeat(32);
const timeoutMs = 30_000;

/** Sight of files in memory. */
export function viewOf(tree: Tree): SourceView {
  return { paths: Object.keys(tree).toSorted(), read: async (path) => tree[path] ?? null };
}

/** What every toolchain must keep. A plugin's test calls it; when it passes, the toolchain is done. */
export function toolchainSuite(suite: ToolchainSuite): void {
  describe(`toolchain ${suite.toolchain.id}`, () => {
    describe('detection', () => {
      detection(suite);
    });
    describe('the call of the test runner', () => {
      testCalls(suite);
    });
    describe(`tests that are run${suite.cannotRun === null ? '' : ` (skipped: ${suite.cannotRun})`}`, () => {
      testRuns(suite);
    });
  });
}

function detection({ toolchain, recognised, foreign, odd }: ToolchainSuite): void {
  test('does not see itself in an empty tree', async () => {
    expect(await toolchain.detect(viewOf({}))).toBeNull();
  });
  test.each(Object.entries(foreign))('does not see itself in %s', async (_, tree) => {
    expect(await toolchain.detect(viewOf(tree))).toBeNull();
  });
  test.each(Object.entries(odd))('answers on %s', async (_, tree) => {
    const project = await toolchain.detect(viewOf(tree));
    if (project) expectSound(project, { toolchain, tree });
  });
  test.each(Object.entries(recognised))('recognises %s', async (_, tree) => {
    const project = await toolchain.detect(viewOf(tree));
    if (!project) throw new Error('not recognised');
    expectSound(project, { toolchain, tree });
    const again = await toolchain.detect(viewOf(tree));
    expect(JSON.stringify(again)).toBe(JSON.stringify(project));
    expect(JSON.stringify(again?.serve(4321))).toBe(JSON.stringify(project.serve(4321)));
  });
}

function expectSound(
  project: Project,
  { toolchain, tree }: { readonly toolchain: Toolchain; readonly tree: Tree },
): void {
  expect(project.toolchain).toBe(toolchain.id);
  expect(project.title).not.toBe('');
  for (const path of [...project.dependencyPaths, ...project.binPaths]) expectInside(path);
  expect(Object.keys(tree)).toEqual(expect.arrayContaining([...project.manifests]));
  const installs = project.install.length > 0;
  // A folder that phase 1 does not make cannot be mounted; and without registries there is no phase 1.
  expect(installs || project.dependencyPaths.length === 0).toBe(true);
  expect(installs && project.registryHosts.length === 0).toBe(false);
  for (const command of [...project.install, ...project.build]) {
    expect(command.argv.length).toBeGreaterThan(0);
    expect(command.timeoutMs).toBeGreaterThan(0);
  }
  const env = project.serve(4321)?.env ?? { PORT: '4321', HOST: '127.0.0.1' };
  expect(env).toMatchObject({ PORT: '4321', HOST: '127.0.0.1' });
}

function expectInside(path: string): void {
  expect(isAbsolute(path)).toBe(false);
  expect(path.split('/')).not.toContain('..');
}

function testCalls({ toolchain, honest }: ToolchainSuite): void {
  test.each(honest)('keeps its key to stdin: $title', ({ locked, tests }) => {
    const run = toolchain.testRun({ files: locked, tests, nonce, timeoutMs });
    expect(run.stdin).toContain(nonce);
    expect(JSON.stringify([run.command, run.runnerFiles])).not.toContain(nonce);
    for (const { path } of run.runnerFiles) expectInside(path);
  });
  test.each(honest)('takes no word of a pass that is not signed: $title', ({ locked, tests }) => {
    const run = toolchain.testRun({ files: locked, tests, nonce, timeoutMs });
    const said = tests.flatMap((id) => [
      `ok 1 - ${id}`,
      `${id} PASSED`,
      JSON.stringify({ id, outcome: 'passed' }),
      `@@devfactory 1 ${'0'.repeat(64)} e30=`,
    ]);
    const outcomes = run.outcomes(resultOf({ stdout: said.join('\n'), exitCode: 0 }));
    expect(outcomes).toEqual(tests.map((id) => ({ id, outcome: 'missing' })));
  });
}

/** What is run now, and how many trees wait for the long tests. Throws when a title is nobody's: a typing error must not hide a liar. */
function chosenOf({ honest, liars, eachTime }: ToolchainSuite): {
  readonly isChosen: (tested: TestedTree) => boolean;
  readonly later: number;
} {
  const all = [...honest, ...liars];
  const stranger = eachTime?.find((name) => !all.some(({ title }) => title === name));
  if (stranger !== undefined) throw new Error(`No tree is called '${stranger}'`);
  const isChosen = ({ title }: TestedTree): boolean =>
    process.env['DEVFACTORY_LONG'] === '1' || (eachTime?.includes(title) ?? true);
  return { isChosen, later: all.filter((tested) => !isChosen(tested)).length };
}

function testRuns(suite: ToolchainSuite): void {
  const { toolchain, honest, liars, programs = {}, env = {}, runMs = timeoutMs, cannotRun } = suite;
  const { isChosen, later } = chosenOf(suite);
  const ran = async ({ tree, locked, tests, packages }: TestedTree) => {
    const run = toolchain.testRun({ files: locked, tests, nonce, timeoutMs: runMs });
    const project = suite.built ? await toolchain.detect(viewOf(tree)) : null;
    const prepared = { build: project?.build ?? [], installed: suite.installed?.() ?? null };
    const result = await runHere(run, { tree, locked, programs, env, runMs, packages, ...prepared });
    return { run, result };
  };
  const outcomesOf = async (tested: TestedTree) => {
    const { run, result } = await ran(tested);
    return { outcomes: run.outcomes(result), said: `${result.stdout}\n${result.stderr}` };
  };
  test.skipIf(cannotRun !== null).each(honest.filter(isChosen))(
    'passes what passed: $title',
    { timeout: runMs },
    async (tested) => {
      const { outcomes, said } = await outcomesOf(tested);
      expect({ outcomes, said }).toMatchObject({ outcomes: tested.tests.map((id) => ({ id, outcome: 'passed' })) });
    },
  );
  test.skipIf(cannotRun !== null || !toolchain.ownTests).each(honest.slice(0, 1))(
    'finds the tests that a file has: $title',
    { timeout: runMs },
    async (tested) => {
      const files = toolchain.ownTests?.(tested.locked.map(({ path }) => path)).tests ?? [];
      const { run, result } = await ran({ ...tested, tests: files.map((path) => `${path}::${anyTest}`) });
      expect(run.deception?.(result) ?? null).toBeNull();
      const said = foundTests(readReports(result.stdout, nonce), nonce);
      const passed = [...said.keys()].filter((id) => said.get(id) === 'passed');
      expect({ passed: passed.toSorted(), said: result.stdout }).toMatchObject({
        passed: [...(tested.found ?? tested.tests)].toSorted(),
      });
    },
  );
  test.skipIf(cannotRun !== null).each(liars.filter(isChosen))(
    'is not taken in by $title',
    { timeout: runMs },
    async (tested) => {
      const { outcomes, said } = await outcomesOf(tested);
      expect(outcomes.length).toBe(tested.tests.length);
      expect({ taken: outcomes.every(({ outcome }) => outcome === 'passed'), said }).toMatchObject({ taken: false });
    },
  );
  test.skip.each(later === 0 ? [] : [later])(
    '%i more trees (skipped: npm run test:long compiles and runs them)',
    () => undefined,
  );
}

/** Runs the command in a folder of its own, with the runner's files in another: the sandbox's layout without its walls. */
async function runHere(
  run: TestRun,
  laid: {
    readonly tree: Tree;
    readonly locked: readonly CheckFile[];
    readonly programs: Readonly<Record<string, string>>;
    readonly env: Readonly<Record<string, string>>;
    readonly runMs: number;
    readonly build: readonly Command[];
    readonly installed: string | null;
    readonly packages: string | undefined;
  },
): Promise<ExecResult> {
  const folder = await mkdtemp(join(tmpdir(), 'toolchain-suite-'));
  try {
    const checks = join(folder, 'checks');
    const project = join(folder, 'project');
    for (const [path, content] of Object.entries(laid.tree)) await lay(join(project, path), content);
    if (laid.packages !== undefined) await symlink(laid.packages, join(project, 'node_modules'));
    if (laid.installed !== null) await cp(laid.installed, join(project, '.devfactory'), { recursive: true });
    for (const { argv, env = {} } of laid.build)
      await spawned(argv, { cwd: project, env: { ...laid.env, ...env }, stdin: '', runMs: laid.runMs });
    for (const { path, content } of laid.locked) await lay(join(project, path), content);
    for (const { path, content } of run.runnerFiles) await lay(join(checks, path), content);
    const [program = '', ...words] = run.command.argv.map((word) => word.replace(runnerFolder, checks));
    return await spawned([laid.programs[program] ?? program, ...words], {
      cwd: project,
      env: { ...laid.env, ...run.command.env },
      stdin: run.stdin,
      runMs: laid.runMs,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function lay(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

function spawned(
  argv: readonly string[],
  options: {
    readonly cwd: string;
    readonly env: Readonly<Record<string, string>>;
    readonly stdin: string;
    readonly runMs: number;
  },
): Promise<ExecResult> {
  return new Promise((resolve, reject) => {
    const [program = '', ...words] = argv;
    const child = spawn(program, words, {
      cwd: options.cwd,
      // What a runner leaves there goes with the folder.
      env: { PATH: process.env['PATH'], TMPDIR: dirname(options.cwd), ...options.env },
      timeout: options.runMs,
      killSignal: 'SIGKILL',
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (exitCode) => resolve(resultOf({ stdout, stderr, exitCode })));
    // A program that ends without reading its input is a finding, not a fault of this suite.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.stdin);
  });
}

function resultOf(part: Partial<ExecResult>): ExecResult {
  return { exitCode: null, signal: null, timedOut: false, stdout: '', stderr: '', dropped: 0, durationMs: 0, ...part };
}
