import { createHash } from 'node:crypto';
import { canonicalJson, type Check, type ManifestEntry } from '@devfactory/contracts';
import type { SourceTree, Toolchain } from '@devfactory/kit';
import { createMemoryBlobStore } from '@devfactory/kit/testing';
import { describe, expect, test } from 'vitest';
import type { VerifyDeps } from '../request.ts';
import { reachableCode } from './reachable.ts';
import { Scopes, type Scope } from './scopes.ts';

const sha = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A toolchain that knows its tests and builds nothing. */
const plain = (build: boolean): Toolchain => ({
  id: 'node',
  title: 'Node',
  detect: async () => ({
    toolchain: 'node',
    title: 'Node',
    install: [],
    manifests: ['package.json'],
    dependencyPaths: [],
    binPaths: [],
    registryHosts: [],
    build: build ? [{ argv: ['make'], timeoutMs: 1 }] : [],
    serve: () => null,
  }),
  testRun: ({ files, tests }) => ({
    command: { argv: ['node', ...tests], timeoutMs: 1 },
    runnerFiles: files,
    stdin: '',
    outcomes: () => [],
    trouble: () => null,
  }),
  registryHosts: [],
  unreachable: () => false,
  needs: [],
});

type Files = ReadonlyMap<string, string>;

function treeOf(files: Files): SourceTree {
  const entries = [...files]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, text]): ManifestEntry => ({
      type: 'file',
      path,
      mode: 0o644,
      size: Buffer.byteLength(text),
      object: sha(text),
      mtimeMs: 0,
    }));
  return {
    hash: sha(canonicalJson([...files])),
    entries,
    read: async function* (entry) {
      yield Buffer.from(files.get(entry.path) ?? '');
    },
  };
}

async function stage({ build = false } = {}) {
  const blobs = createMemoryBlobStore();
  const deps = { driver: { id: 'none' }, blobs, toolchains: [plain(build)] } as unknown as VerifyDeps;
  const ask = async (index: number, content: string): Promise<Check> => {
    const path = `test/t${index}.test.mjs`;
    const spec = { kind: 'test', toolchain: 'node', files: [{ path, content }], tests: [`${path}::it`] };
    const digest = await blobs.put(Buffer.from(canonicalJson(spec)));
    const id = `C-${index}`;
    return {
      id,
      version: 1,
      requirementId: 'R-1',
      title: id,
      intent: 'change',
      timeoutMs: 1000,
      kind: 'test',
      spec: digest,
    };
  };
  const scope = (files: Files, check: Check, plan: readonly Check[] = [check]): Promise<Scope | null> =>
    new Scopes(deps, treeOf(files), plan).of(check);
  return { ask, scope };
}

const imports = (...names: string[]): string => names.map((name) => `import './${name}.mjs';`).join('\n');

describe('what a check sees', () => {
  const files = new Map([
    ['package.json', '{}'],
    ['README.md', 'words'],
    ['src/a.mjs', imports('b')],
    ['src/b.mjs', ''],
    ['src/c.mjs', ''],
    ['src/d/index.mjs', ''],
    ['vitest.config.mjs', ''],
  ]);

  test('is all that is no code, what it names, what that names, and what is loaded unasked', async () => {
    const { ask, scope } = await stage();
    const seen = await scope(files, await ask(1, imports('../src/a')));
    expect([...(seen?.keys ?? [])]).toEqual([
      'README.md',
      'package.json',
      'src/a.mjs',
      'src/b.mjs',
      'vitest.config.mjs',
    ]);
    expect(seen?.leftOut).toBe(2);
    const folder = await scope(files, await ask(2, "import '../src/d';"));
    expect(folder?.keys.has('src/d/index.mjs')).toBe(true);
  });
  test.each([
    'import(name)',
    "import { readdirSync } from 'node:fs';",
    'require(`./${name}`)',
    "import cp from 'node:child_process';",
    "eval('x')",
  ])('is everything where code looks for other code: %s', async (text) => {
    const { ask, scope } = await stage();
    expect(await scope(files, await ask(1, text))).toBeNull();
    expect(await scope(new Map([...files, ['src/b.mjs', text]]), await ask(1, imports('../src/a')))).toBeNull();
  });
  test('is everything where something is built, and for checks that are no tests', async () => {
    const { ask, scope } = await stage({ build: true });
    const check = await ask(1, imports('../src/a'));
    expect(await scope(files, check)).toBeNull();
    expect(await (await stage()).scope(files, { ...check, kind: 'http' })).toBeNull();
  });
  test('is found in a large tree without reading it again and again', () => {
    const many = new Map(Array.from({ length: 2000 }, (_, index) => [`src/m${index}.mjs`, imports(`m${index + 1}`)]));
    const began = performance.now();
    expect(reachableCode(many, [imports('m1000')])?.size).toBe(1000);
    expect(performance.now() - began).toBeLessThan(2000);
  });
});

test('after each of 1,000 random edits, two answers hang on the same inputs exactly when the check sees the same', async () => {
  const { ask, scope } = await stage();
  const checks = await Promise.all([0, 1, 2, 3, 4].map((index) => ask(index, imports(`../src/m${index}`))));
  let state = 7;
  const roll = (sides: number): number => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 3266489917) >>> 0;
    return (state >>> 3) % sides;
  };
  const text = (): string =>
    [imports(`m${roll(7)}`), imports(`m${roll(7)}`, `m${roll(7)}`), '// nothing', 'import(name)'][roll(9)] ??
    `// ${roll(3)}`;
  let files = new Map(Array.from({ length: 7 }, (_, index): [string, string] => [`src/m${index}.mjs`, text()]));
  files.set('package.json', '{}');
  const seenBy = new Map<string, string>();
  let narrow = 0;
  for (let edit = 0; edit < 1000; edit += 1) {
    files = new Map(files);
    const path = ['package.json', 'README.md', 'src/deep/x.mjs'][roll(12)] ?? `src/m${roll(7)}.mjs`;
    if (roll(6) === 0 && path !== 'package.json') files.delete(path);
    else files.set(path, path === 'package.json' ? `{ "version": "${roll(3)}" }` : text());
    for (const check of checks) {
      const seen = await scope(files, check, checks);
      if (!seen) continue;
      narrow += 1;
      const content = `${check.id} ${canonicalJson(Object.fromEntries([...files].filter(([name]) => seen.keys.has(name))))}`;
      expect(seenBy.get(seen.inputs) ?? content).toBe(content);
      seenBy.set(seen.inputs, content);
    }
  }
  expect(new Set(seenBy.values()).size).toBe(seenBy.size);
  expect(narrow).toBeGreaterThan(1000);
});
