import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from './machine.mjs';

/** A guard that sees nothing also reports nothing wrong: plant violations and see each of them caught. */
const planted = [
  {
    file: 'packages/contracts/src/a.ts',
    code: `import { readFileSync } from 'node:fs';`,
    rule: 'no-restricted-imports',
  },
  {
    file: 'packages/contracts/src/b.ts',
    code: `import { run } from '@devfactory/engine';`,
    rule: 'no-restricted-imports',
  },
  { file: 'packages/kit/src/a.ts', code: `import { run } from '@devfactory/engine';`, rule: 'no-restricted-imports' },
  { file: 'packages/engine/src/a.ts', code: `import { Pool } from 'pg';`, rule: 'no-restricted-imports' },
  {
    file: 'packages/engine/src/b.ts',
    code: `import bwrap from '@devfactory/workspace-bwrap';`,
    rule: 'no-restricted-imports',
  },
  { file: 'packages/client/src/a.ts', code: `import { join } from 'node:path';`, rule: 'no-restricted-imports' },
  {
    file: 'packages/vscode/src/a.ts',
    code: `import { ask } from '@devfactory/client';`,
    rule: 'no-restricted-imports',
  },
  { file: 'packages/cli/src/a.ts', code: `import { app } from '@devfactory/backend';`, rule: 'no-restricted-imports' },
  {
    file: 'packages/supervisor/src/a.ts',
    code: `import { port } from '@devfactory/kit';`,
    rule: 'no-restricted-imports',
  },
  {
    file: 'plugins/agents/one/src/a.ts',
    code: `import two from '@devfactory/agent-scripted';`,
    rule: 'no-restricted-imports',
  },
  {
    file: 'plugins/agents/one/src/b.ts',
    code: `import { run } from '@devfactory/engine';`,
    rule: 'no-restricted-imports',
  },
  {
    file: 'packages/azure/src/a.ts',
    code: `import store from '@devfactory/blobs-azure';`,
    rule: 'no-restricted-imports',
  },
  {
    file: 'plugins/exporters/one/src/a.ts',
    code: `import store from '@devfactory/blobs-azure';`,
    rule: 'no-restricted-imports',
  },
  { file: 'frontend/src/a.ts', code: `import { port } from '@devfactory/kit';`, rule: 'no-restricted-imports' },
  { file: 'bench/a.ts', code: `import { app } from '@devfactory/backend';`, rule: 'no-restricted-imports' },
  { file: 'backend/src/a.ts', code: `import x from '@devfactory/kit/src/error.ts';`, rule: 'no-restricted-imports' },
  {
    file: 'packages/kit/src/one.ts',
    code: `import type { Two } from './two.ts'; export type One = Two;`,
    rule: 'no-cycle',
  },
  {
    file: 'packages/kit/src/two.ts',
    code: `import type { One } from './one.ts'; export type Two = One;`,
    rule: 'no-cycle',
  },
  { file: 'packages/kit/src/c.ts', code: `export const any: any = 1;`, rule: 'no-explicit-any' },
  { file: 'packages/kit/src/d.ts', code: `export default 1;`, rule: 'no-default-export' },
  {
    file: 'packages/kit/src/e.ts',
    code: `export function f(a: 1, b: 1, c: 1, d: 1) { return [a, b, c, d]; }`,
    rule: 'max-params',
  },
  { file: 'packages/kit/src/f.ts', code: 'export {};\n'.repeat(501), rule: 'max-lines' },
  {
    file: 'packages/kit/src/g.test.ts',
    code: `import { it } from 'vitest'; it.only('x', () => {});`,
    rule: 'no-focused-tests',
  },
];

/** What the rooms may do, and must not be blamed for. */
const allowed = [
  {
    file: 'packages/contracts/src/ok.ts',
    code: `import { z } from 'zod'; export { One } from './sub/one.ts'; export const s = z.string();`,
  },
  { file: 'plugins/agents/one/src/index.ts', code: `import { kit } from '@devfactory/kit'; export default kit;` },
  { file: 'plugins/exporters/one/src/ok.ts', code: `import { Calls } from '@devfactory/azure'; Calls();` },
  { file: 'bench/ok.ts', code: `import { makeCheckpoint } from '@devfactory/engine'; makeCheckpoint();` },
  { file: 'plugins/agents/one/src/ok.test.ts', code: `import { suite } from '@devfactory/kit/testing'; suite();` },
];

let findings: { filename: string; code: string }[] = [];
let folder = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'devfactory-rooms-'));
  for (const { file, code } of [...planted, ...allowed]) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), `${code}\n`);
  }
  cpSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  findings = await lint(folder);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the walls between the rooms', () => {
  it.each(planted)('$rule is seen in $file: $code', ({ file, rule }) => {
    const codes = findings.filter((finding) => finding.filename === file).map((finding) => finding.code);
    expect(codes.some((code) => code.includes(rule))).toBe(true);
  });

  it.each(allowed)('$file may do what it does', ({ file }) => {
    const restricted = findings.filter(
      (finding) => finding.filename === file && /restricted|default/.test(finding.code),
    );
    expect(restricted).toEqual([]);
  });

  it('no lint rule is switched off without a reason', () => {
    const unexplained = sources(root).filter((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .some((line) => /(oxlint|eslint)-disable/.test(line) && !/-disable[^\n]* -- \S/.test(line)),
    );
    expect(unexplained.filter((file) => !file.endsWith('rooms.test.ts'))).toEqual([]);
  });
});

function lint(cwd: string): Promise<typeof findings> {
  return new Promise((resolve, reject) => {
    const command = join(root, 'node_modules/.bin/oxlint');
    execFile(command, ['--format=json'], { cwd, maxBuffer: 64 * 1024 * 1024 }, (_failed, stdout, stderr) => {
      try {
        resolve(JSON.parse(stdout).diagnostics);
      } catch {
        reject(new Error(`oxlint gave no report: ${stdout}${stderr}`));
      }
    });
  });
}

function sources(top: string): string[] {
  const skipped = /(^|\/)(node_modules|dist|dist-types|templates|fixtures|\..*)(\/|$)/;
  return readdirSync(top, { recursive: true, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => /\.(ts|tsx|mjs)$/.test(path) && !skipped.test(path.slice(top.length + 1)));
}
