/**
 * Vitest, which runs tests in a process of their own: this one reads the outcomes from its state. Controls stand in the text of the locked
 * file itself, before its tests or behind them, because Vitest gives each file its own copy of everything; and before anything of the
 * project is loaded, what `expect` and chai bring along is made unchangeable.
 */
export const vitestSource = String.raw`import { readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { lockSource } from './lock.mjs';

const virtual = 'virtual:devfactory-lock';
const lock = "import nodeAssert from 'node:assert';\nimport { chai, expect } from 'vitest';\n" + lockSource;

function controlsOf(index) {
  const [, body] = readFileSync(join(import.meta.dirname, 'controls-' + index + '.mjs'), 'utf8').split('\n');
  return '{ const { describe, it } = __devfactory; ' + body + ' }';
}

export async function runFiles(own, { root, config, folder, report, failed, controlsGoFirst }) {
  const { startVitest } = await import(join(folder, 'dist/node.js'));
  const texts = new Map(own.map(({ path, index }) => [resolve(root, path), { first: controlsGoFirst(path), controls: controlsOf(index) }]));
  const beside = {
    name: 'devfactory',
    enforce: 'pre',
    resolveId: (id) => (id === virtual ? '\0' + virtual : null),
    load: (id) => (id === '\0' + virtual ? lock : null),
    transform(code, id) {
      const text = texts.get(id.split('?')[0]);
      if (text === undefined) return null;
      const head = "import '" + virtual + "'; import * as __devfactory from 'vitest'; ";
      return { code: head + (text.first ? text.controls : '') + code + (text.first ? '' : '\n' + text.controls), map: null };
    },
  };
  const usesGlobals = own.some(({ path }) => !/['"]vitest['"]/.test(readFileSync(resolve(root, path), 'utf8')));
  const plain = { include: own.map(({ path }) => path), exclude: [], globals: usesGlobals };
  const vitest = await startVitest(
    'test',
    [...texts.keys()],
    {
      root, config: config ?? false, ...(config === null ? plain : {}), watch: false, run: true, reporters: [{}], pool: 'forks',
      fileParallelism: false, isolate: true, cache: false, fsModuleCache: false, update: false, passWithNoTests: true, allowOnly: true, bail: 0, retry: 0,
      coverage: { enabled: false }, typecheck: { enabled: false }, browser: { enabled: false }, sequence: { shuffle: false },
    },
    { plugins: [beside] },
  );
  const unhandled = [...vitest.state.getUnhandledErrors()];
  for (const error of unhandled) failed('Vitest', error);
  for (const file of vitest.state.getFiles()) {
    for (const error of file.result?.errors ?? []) failed(relative(root, file.filepath), error);
    for (const found of testsIn(file, [], unhandled.length > 0 || (file.result?.errors ?? []).length > 0)) {
      const id = relative(root, file.filepath) + '::' + found.names.join(' > ');
      for (const error of found.errors) if (error.message !== 'a control has to fail') failed(id, error);
      report(id, found.outcome);
    }
  }
  await vitest.close();
}

/** Tests in the order of the text. What failed around them fails them too. */
function testsIn(task, names, fallen) {
  return task.tasks.flatMap((inner) => {
    const path = [...names, inner.name];
    const errors = inner.result?.errors ?? [];
    if (inner.type === 'suite') return testsIn(inner, path, fallen || errors.length > 0);
    const state = inner.result?.state;
    const outcome = state === 'fail' || (fallen && state === 'pass') ? 'failed' : state === 'pass' ? 'passed' : 'skipped';
    return [{ names: path, errors, outcome }];
  });
}
`;
