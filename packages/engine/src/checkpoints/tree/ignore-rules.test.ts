import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dice } from '../../../test/stage.ts';
import { parseIgnoreRules } from './ignore-rules.ts';

const bytes = (text: string): string => Buffer.from(text).toString('latin1');
const says = (rules: string, path: string, isFolder = false): boolean | null =>
  parseIgnoreRules(Buffer.from(rules)).match(bytes(path), isFolder);

describe('ignore rules', () => {
  test.each([
    ['*.log', 'deep/er/x.log', true],
    ['/x.log', 'deep/x.log', null],
    ['a/b', 'c/a/b', null],
    ['**/b', 'c/a/b', true],
    ['a/**/z', 'a/z', true],
    ['a/**/z', 'a/1/2/z', true],
    ['a/**', 'a', null],
    ['*.log\n!keep.log', 'keep.log', false],
    ['# not a rule', '# not a rule', null],
    ['\\#file', '#file', true],
    ['space\\ ', 'space ', true],
    ['space ', 'space', true],
    ['name\r', 'name', true],
    ['[a-c]?[!x]', 'bzy', true],
    ['[[:digit:]]*', '7up', true],
    ['ü?', 'üa', true],
    ['?', 'ü', null],
    ['trailing\\', 'trailing\\', null],
    ['[', '[', null],
  ])('%j says about %j: %j', (rules, path, expected) => {
    expect(says(rules, path)).toBe(expected);
  });

  test('a rule that ends in a slash means folders only', () => {
    expect(says('build/', 'build')).toBeNull();
    expect(says('build/', 'a/build', true)).toBe(true);
  });

  test('a hostile pattern costs no more than its length times that of the name', () => {
    const started = performance.now();
    expect(says(`${'*a'.repeat(2000)}b`, 'a'.repeat(4000))).toBeNull();
    expect(says(`${'**/a/'.repeat(500)}b`, Array.from({ length: 1500 }, () => 'a').join('/'))).toBeNull();
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

const hasGit = spawnSync('git', ['--version']).status === 0;

test.skipIf(!hasGit)('random rules say what git says (needs git)', () => {
  const roll = dice(7);
  const pick = <T>(list: readonly T[]): T => list[roll(list.length)]!;
  const names = ['a', 'b', 'ab', 'abc', 'x.log', 'b.log', 'é', 'a b', '#c', '!d', '[e]', 'A'];
  const parts = [
    'a',
    'b',
    'c',
    '*',
    '**',
    '?',
    '[ab]',
    '[!a]',
    '[a-c]',
    '.log',
    '/',
    '/',
    '\\a',
    'é',
    ' ',
    '#',
    '!',
    '[',
    '[[:alpha:]]',
    '[]a]',
    'A',
  ];
  const folder = mkdtempSync(join(tmpdir(), 'df-ignore-'));
  try {
    spawnSync('git', ['init', '-q'], { cwd: folder });
    const paths = Array.from({ length: 60 }, () => Array.from({ length: 1 + roll(3) }, () => pick(names)).join('/'));
    // Asked about by name alone, so that every path is a file for both.
    for (let round = 0; round < 400; round += 1) {
      const rule = (): string =>
        `${roll(4) === 0 ? '!' : ''}${Array.from({ length: 1 + roll(5) }, () => pick(parts)).join('')}`;
      const text = Array.from({ length: 1 + roll(3) }, rule).join('\n');
      mkdirSync(dirname(join(folder, '.gitignore')), { recursive: true });
      writeFileSync(join(folder, '.gitignore'), text);
      const answer = spawnSync(
        'git',
        ['-c', 'core.excludesFile=/dev/null', 'check-ignore', '--no-index', '--stdin', '-z'],
        { cwd: folder, input: paths.join('\0') },
      );
      const ignored = new Set(answer.stdout.toString().split('\0'));
      const rules = parseIgnoreRules(Buffer.from(text));
      const ours = (path: string): boolean => {
        const segments = bytes(path).split('/');
        return segments.some(
          (_, index) =>
            rules.match(segments.slice(0, index + 1).join('/'), index < segments.length - 1) === true &&
            blocked(rules, segments, index),
        );
      };
      const wrong = paths
        .filter((path) => ours(path) !== ignored.has(path))
        .map((path) => ({ path, git: ignored.has(path) }));
      expect({ text, wrong }).toEqual({ text, wrong: [] });
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** The first folder on the way that is ignored ends the question; what comes after cannot be brought back. */
function blocked(rules: ReturnType<typeof parseIgnoreRules>, segments: readonly string[], index: number): boolean {
  return rules.match(segments.slice(0, index + 1).join('/'), index < segments.length - 1) ?? false;
}
