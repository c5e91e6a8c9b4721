import type { CheckSpec } from '@devfactory/contracts';
import { catchSource } from './catch-source.ts';
import type { Exercise, Files } from './exercise.ts';

/** An exercise as it lies in a track. */
export interface Laid {
  readonly slug: string;
  /** What one starts from. */
  readonly start: Files;
  readonly tests: Files;
  /** Right solutions, under the paths of the track's own. */
  readonly examples: Files;
  /** What lies beside all that and is needed. */
  readonly beside: Files;
}

type Asked = Pick<Exercise, 'base' | 'right' | 'wrong' | 'check'>;

interface Track {
  readonly language: string;
  /** What is read of the exercise's folder beside what it names. */
  readonly beside: readonly string[];
  /** null: not to be asked here. */
  read(laid: Laid): Asked | null;
}

const nothing = 'gives nothing';
const mapValues = (files: Files, change: (text: string) => string): Files =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [path, change(text)]));
const only = (files: Files): readonly [string, string] | null => {
  const [first, ...more] = Object.entries(files);
  return first && more.length === 0 ? first : null;
};

/** Right, the start of it, and one whose functions give nothing, where the text could be changed so. */
function asked(parts: {
  readonly base: Files;
  readonly start: Files;
  readonly right: Files;
  readonly emptied: (text: string) => string;
  readonly check: CheckSpec;
}): Asked {
  const { base, start, right, emptied, check } = parts;
  const empty = mapValues(right, emptied);
  const differs = Object.entries(empty).some(([path, text]) => text !== right[path]);
  return {
    base: { ...base, ...start },
    right,
    wrong: { 'what one starts from': start, ...(differs ? { [nothing]: empty } : {}) },
    check,
  };
}

/** Tests by name in locked files; null where none was found. */
function testCheck(toolchain: string, files: Files, namesIn: (text: string) => readonly string[]): CheckSpec | null {
  const tests = Object.entries(files).flatMap(([path, text]) => namesIn(text).map((name) => `${path}::${name}`));
  const contents = Object.entries(files).map(([path, content]) => ({ path, content }));
  return tests.length === 0 ? null : { kind: 'test', toolchain, files: contents, tests };
}

const found = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map((match) => match[1] ?? '');

const python: Track = {
  language: 'Python',
  beside: [],
  read: ({ start, tests, examples }) => {
    const [solution, example, test] = [only(start), only(examples), only(tests)];
    const suite = /^class (\w+)\(unittest\.TestCase\)/gm;
    const check = testCheck('python', tests, (text) =>
      found(text, suite).length === 1
        ? found(text, /^ {4}def (test_\w+)\(/gm).map((name) => `${found(text, suite)[0]}::${name}`)
        : [],
    );
    if (!solution || !example || !test || !check) return null;
    const emptied = (text: string): string => text.replaceAll(/\breturn (?=\S)/g, 'return None and ');
    return asked({ base: {}, start, right: { [solution[0]]: example[1] }, emptied, check });
  },
};

const javascript: Track = {
  language: 'JavaScript',
  beside: [],
  read: ({ start, tests, examples }) => {
    const [solution, example, test] = [only(start), only(examples), only(tests)];
    if (!solution || !example || !test || /\.each\b|forEach|\bjest\b\W(?!globals)/.test(test[1])) return null;
    // Node resolves no import without its ending; the tests run in Node's own runner, with the assertions that they were written for.
    const ended = (text: string): string => text.replaceAll(/(from '\.{1,2}\/[\w./-]+?)(?:\.js)?'/g, "$1.js'");
    const text = `import { afterEach, beforeEach, describe, it, test } from 'node:test';\nimport { expect } from 'expect';\n${ended(
      test[1]
        .replace(/import \{[^}]*\} from '@jest\/globals';\n/, '')
        .replaceAll(/\bx(test|it|describe)\(/g, '$1(')
        .replaceAll(/\b(test|it|describe)\.skip\(/g, '$1('),
    )}`;
    const check = testCheck('node', { [test[0]]: text }, suitesIn);
    const manifest = { name: 'exercise', private: true, type: 'module', devDependencies: { expect: '29.7.0' } };
    if (!check) return null;
    return asked({
      base: { 'package.json': `${JSON.stringify(manifest, null, 2)}\n` },
      start,
      right: { [solution[0]]: ended(example[1]) },
      emptied: (code) => code.replaceAll(/\breturn (?=[^\s;])/g, 'return void 0 && '),
      check,
    });
  },
};

/** Names of tests below those of their suites, in a text whose indentation is that of its blocks; none where one is no plain text. */
function suitesIn(text: string): string[] {
  const names: string[] = [];
  const open: { readonly depth: number; readonly name: string }[] = [];
  for (const line of text.split('\n')) {
    const match = /^( *)(describe|test|it)\((.*)$/.exec(line);
    if (!match) continue;
    const [, { length: depth } = '', kind, rest = ''] = match;
    const name = /^(['"`])((?:\\.|(?!\1).)*)\1/.exec(rest)?.[2]?.replaceAll(/\\(['"`])/g, '$1');
    if (name === undefined || name.includes('${') || name.includes('\\')) return [];
    while ((open.at(-1)?.depth ?? -1) >= depth) open.pop();
    if (kind === 'describe') open.push({ depth, name });
    else names.push([...open.map((suite) => suite.name), name].join(' > '));
  }
  return names;
}

const go: Track = {
  language: 'Go',
  beside: ['go.mod'],
  read: ({ start, tests, examples, beside }) => {
    const [solution, example] = [only(start), only(examples)];
    const check = testCheck('go', tests, (text) => found(text, /^func (Test\w+)\(/gm));
    if (!solution || !example || !check) return null;
    const result = /^(func (?:\([^)]*\) )?\w+\([^)]*\) ([\w.*[\]]+) \{)$/gm;
    const emptied = (text: string): string =>
      text.replaceAll(result, '$1\n\tif true {\n\t\tvar nothing $2\n\t\treturn nothing\n\t}');
    return asked({ base: beside, start, right: { [solution[0]]: example[1] }, emptied, check });
  },
};

const rust: Track = {
  language: 'Rust',
  beside: [],
  read: ({ start, tests, examples }) => {
    const example = Object.entries(examples).find(([path]) => path.endsWith('.rs'))?.[1];
    const manifest = Object.entries(examples).find(([path]) => path.endsWith('.toml'))?.[1];
    const asks = mapValues(tests, (text) => text.replaceAll(/^\s*#\[ignore[^\]]*\]\n/gm, ''));
    const check = only(asks) && testCheck('rust', asks, (text) => found(text, /#\[test\]\n(?:#\[.*\]\n)*fn (\w+)\(/g));
    if (example === undefined || !check || !('src/lib.rs' in start) || /^mod /m.test(Object.values(asks).join('\n')))
      return null;
    return asked({
      base: {},
      start,
      right: { 'src/lib.rs': example, ...(manifest === undefined ? {} : { 'Cargo.toml': manifest }) },
      emptied: (text) =>
        text.replaceAll(
          /(\bfn \w+[^{;]*-> [^{;]+? )\{/g,
          '$1{\n    if true {\n        return Default::default();\n    }\n',
        ),
      check,
    });
  },
};

const javaNothing: Readonly<Record<string, string>> = { void: 'return;', boolean: 'return false;', int: 'return 0;' };

const java: Track = {
  language: 'Java',
  beside: ['build.gradle'],
  read: ({ start, tests, examples, beside }) => {
    const asks = mapValues(tests, (text) => text.replaceAll(/^\s*@Disabled.*\n/gm, ''));
    const check = only(asks) && testCheck('java', asks, (text) => found(text, /@Test\b[^{;]*?void (\w+)\(/g));
    if (!check || /@Nested|@ParameterizedTest/.test(Object.values(asks).join('\n'))) return null;
    const right = Object.entries(examples).map(
      ([path, text]) => [path.replace('.meta/src/reference/java/', 'src/main/java/'), text] as const,
    );
    const method = /^( +(?:(?:public|private|protected|static|final) )+([\w<>[\], ?]+) \w+\([^)]*\)[^{;]*\{)$/gm;
    const emptied = (text: string): string =>
      text.replaceAll(
        method,
        (line, _, type: string) => `${line}\n        if (true) { ${javaNothing[type] ?? 'return null;'} }`,
      );
    return asked({ base: beside, start, right: Object.fromEntries(right), emptied, check });
  },
};

const cpp: Track = {
  language: 'C++',
  beside: [],
  read: ({ slug, start, tests, examples }) => {
    const test = only(tests);
    // Its tests start a thousand threads, and a check may have 256 processes.
    if (
      !test ||
      test[1].includes('std::thread') ||
      /\b(SECTION|GENERATE|\w+_THAT|Approx|INFO|CAPTURE|TEMPLATE_\w+|SCENARIO)\b/.test(test[1])
    )
      return null;
    const name = slug.replaceAll('-', '_');
    const right = mapKeys(examples, (path) => path.replace('.meta/example', name));
    const programs = Object.keys({ ...start, ...right }).filter((path) => path.endsWith('.cpp'));
    const build = `g++ -std=c++17 -pthread -DEXERCISM_RUN_ALL_TESTS -o /tmp/asks ${[test[0], ...programs].join(' ')}`;
    return asked({
      base: {},
      start,
      right,
      emptied: (text) =>
        text.replaceAll(
          /^((?!.*\b(?:else|return|void)\b)(?:[\w:<>*&,]+ )+[\w:]+\([^)]*\)(?: const)?(?: noexcept)? \{)$/gm,
          '$1\n    if (true) return {};',
        ),
      check: {
        kind: 'command',
        argv: ['/bin/bash', '-c', `${build} && /tmp/asks`],
        files: [
          { path: test[0], content: test[1] },
          { path: 'test/catch.hpp', content: catchSource },
        ],
        expect: { exitCode: 0, stdoutIncludes: [`all ${found(test[1], /^(TEST_CASE)\(/gm).length} cases passed`] },
      },
    });
  },
};

function mapKeys(files: Files, change: (path: string) => string): Files {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [change(path), text]));
}

const tracks: Readonly<Record<string, Track>> = {
  '.py': python,
  '.js': javascript,
  '.go': go,
  '.rs': rust,
  '.java': java,
  '.cpp': cpp,
};

export function trackOf(extension: string): Track | null {
  return tracks[extension] ?? null;
}
