/**
 * Jest, called with the locked files and, where one is locked, their configuration. A setup file before all others makes what `expect`
 * is made of unchangeable and brings the controls, which Jest then runs before the file's own tests.
 */
export const jestSource = String.raw`import { existsSync, mkdtempSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';

export async function runFiles(own, { root, config, folder, report, failed, controlsGoFirst }) {
  const beside = createRequire(join(folder, 'package.json'));
  const { runCLI } = await import(beside.resolve('@jest/core')).then((core) => core.default ?? core);
  for (const { path, ids, index } of own) {
    if (!existsSync(resolve(root, path))) continue;
    process.env.DEVFACTORY_CONTROLS = join(import.meta.dirname, 'controls-' + index + '.mjs');
    const words = await configOf({ root, config, folder });
    const setup = [join(import.meta.dirname, 'jest-setup.cjs'), ...[words.setupFilesAfterEnv ?? []].flat()];
    const argv = {
      $0: 'jest', _: [path], runTestsByPath: true, ci: true, runInBand: true, watchman: false, cache: false, coverage: false,
      passWithNoTests: true, reporters: [], randomize: false,
      cacheDirectory: mkdtempSync(join(tmpdir(), 'jest-')),
      config: JSON.stringify({ ...words, testMatch: ['**/' + path], testRegex: undefined, setupFilesAfterEnv: setup }),
    };
    const { results } = await runCLI(argv, [root]);
    for (const file of results.testResults) {
      if (file.testExecError || (file.failureMessage && file.testResults.length === 0)) failed(path, file.testExecError ?? file.failureMessage);
      const fallen = Boolean(file.testExecError) || results.wasInterrupted;
      const said = file.testResults.map((test) => ({
        id: path + '::' + [...test.ancestorTitles, test.title].join(' > '),
        outcome: test.status === 'passed' ? (fallen ? 'failed' : 'passed') : test.status === 'failed' ? 'failed' : 'skipped',
        messages: test.failureMessages ?? [],
      }));
      const [controls, tests] = [said.slice(0, ids.length), said.slice(ids.length)];
      for (const { id, messages } of tests) for (const message of messages) failed(id, message);
      for (const { id, outcome } of controlsGoFirst(path) ? [...controls, ...tests] : [...tests, ...controls]) report(id, outcome);
    }
  }
}

/** What the locked configuration says; Jest's own defaults where there is none, whatever package.json says. */
async function configOf({ root, config, folder }) {
  if (config === null) return { rootDir: root };
  const fromJest = createRequire(createRequire(join(folder, 'package.json')).resolve('@jest/core'));
  const { readInitialOptions } = fromJest('jest-config');
  const { config: words } = await readInitialOptions(config, { packageRootOrConfig: root, parentConfigPath: null, readFromCwd: false, skipMultipleConfigError: true });
  return { ...words, rootDir: words.rootDir ? resolve(root, words.rootDir) : root };
}
`;

/** Runs in the place where the tests will be, before anything of the project. */
export const jestSetupSource = (lock: string): string => String.raw`const nodeAssert = require('node:assert');
const chai = undefined;
const given = globalThis.expect;
{
  const expect = given;
  ${lock}
}
const [, controls] = require('node:fs').readFileSync(process.env.DEVFACTORY_CONTROLS, 'utf8').split('\n');
new Function('describe', 'it', controls)(describe, it);
`;
