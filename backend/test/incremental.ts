import type { CheckSpec, Evidence } from '@devfactory/contracts';
import { collect, type VerifyStage } from './verify-stage.ts';

/** Modules of the made-up project, and tests: test n asks module n. */
const modules = 5;

/** Numbers that look random and are the same each time. */
function dice(seed: number): (sides: number) => number {
  let state = seed * 2654435761 + 1;
  return (sides) => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 3266489917) >>> 0;
    return (state >>> 3) % sides;
  };
}

type Language = 'node' | 'python';
type Files = Record<string, string>;

const name = (language: Language, index: number): string =>
  language === 'node' ? `src/m${index}.mjs` : `shop/m${index}.py`;

function moduleText(language: Language, index: number, roll: (sides: number) => number): string {
  const number = roll(100);
  // Only onwards, so that there is no circle; sometimes to what is not there.
  const other = index + 1 + roll(modules - index + 1);
  const kind = roll(8);
  if (language === 'node') {
    const way = [
      `import { value as next } from './m${other}.mjs';\nexport const value = () => ${number} + next();`,
      `import { readFileSync } from 'node:fs';\nexport const value = () => ${number} + Number(readFileSync('src/number.txt', 'utf8'));`,
      `import { existsSync } from 'node:fs';\nexport const value = () => ${number} + (existsSync('src/m${other}.mjs') ? 1 : 0);`,
      `const which = ${other};\nexport const value = async () => ${number} + (await import('./m' + which + '.mjs')).value();`,
      `import { readdirSync } from 'node:fs';\nexport const value = () => ${number} + readdirSync('src').length;`,
    ][kind];
    return `${way ?? `export const value = () => ${number};`}\n`;
  }
  const way = [
    `from shop.m${other} import value as following\n\ndef value():\n    return ${number} + following()`,
    `import pathlib\n\ndef value():\n    return ${number} + int(pathlib.Path("src/number.txt").read_text())`,
    `import os\n\ndef value():\n    return ${number} + os.path.exists("shop/m${other}.py")`,
    `import importlib\n\ndef value():\n    return ${number} + importlib.import_module("shop.m" + str(${other})).value()`,
    `import os\n\ndef value():\n    return ${number} + len(os.listdir("shop"))`,
  ][kind];
  return `${way ?? `def value():\n    return ${number}`}\n`;
}

function firstFiles(language: Language, roll: (sides: number) => number): Files {
  const files: Files =
    language === 'node'
      ? { 'package.json': '{ "name": "m", "type": "module" }', 'src/number.txt': '4' }
      : { 'requirements.txt': '', 'shop/__init__.py': '', 'src/number.txt': '4' };
  for (let index = 0; index < modules; index += 1) files[name(language, index)] = moduleText(language, index, roll);
  return files;
}

/** One file is written, changed or taken away. */
function edited(files: Files, language: Language, roll: (sides: number) => number): Files {
  const index = roll(modules);
  const path = name(language, index);
  const next = { ...files };
  switch (roll(9)) {
    case 0:
      delete next[path];
      return next;
    case 1:
      return { ...next, 'src/number.txt': `${roll(100)}` };
    case 2:
      return { ...next, 'README.md': `m${roll(9)} and number ${roll(100)}\n` };
    case 3:
      return { ...next, [name(language, modules + roll(3))]: moduleText(language, modules, roll) };
    case 4:
      return language === 'node'
        ? { ...next, 'package.json': `{ "name": "m${roll(9)}", "type": "module" }` }
        : { ...next, 'shop/__init__.py': roll(2) === 0 ? '' : `from shop import m${index}\n` };
    default:
      return { ...next, [path]: moduleText(language, index, roll) };
  }
}

function question(language: Language, index: number): CheckSpec {
  const file =
    language === 'node'
      ? {
          path: `test/t${index}.test.mjs`,
          content: `import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { value } from '../src/m${index}.mjs';\ntest('no third', async () => assert.notEqual((await value()) % 3, 0));\n`,
        }
      : {
          path: `tests/test_t${index}.py`,
          content: `from shop.m${index} import value\n\ndef test_no_third():\n    assert value() % 3 != 0\n`,
        };
  return {
    kind: 'test',
    toolchain: language,
    files: [file],
    tests: [`${file.path}::${language === 'node' ? 'no third' : 'test_no_third'}`],
  };
}

export interface Tally {
  edits: number;
  /** Edits after which something was carried over. */
  spared: number;
  carried: number;
  passed: number;
  asked: number;
  readonly differences: string[];
}

export function newTally(): Tally {
  return { edits: 0, spared: 0, carried: 0, passed: 0, asked: 0, differences: [] };
}

interface Course {
  readonly seed: number;
  readonly edits: number;
  readonly language: Language;
  readonly tally: Tally;
  /** The one check of the plan that is asked after each edit, by its index; all of them when left out. */
  readonly asked?: number;
  /** Called after each edit. */
  readonly told?: () => void;
}

/** Edits a project at random, again and again, and verifies it each time: once whole, and once from what is known already. */
export async function compareOver(
  stage: VerifyStage,
  { seed, edits, language, tally, asked, told }: Course,
): Promise<void> {
  const roll = dice(seed);
  const plan = await Promise.all(
    Array.from({ length: modules }, (_, index) => stage.lock({ spec: question(language, index) }, index + 1)),
  );
  const keeper = await stage.keeper();
  const known: Evidence[] = [];
  let files = firstFiles(language, roll);
  const run = (which: string): string => `run_${which}${`${seed}`.padStart(15, 'a').slice(-15)}`;
  for (let edit = 0; edit <= edits; edit += 1) {
    const checkpoint = await keeper.keep(files, `ck-${edit}`);
    const checks = plan.filter((_, index) => asked === undefined || asked === index);
    const [whole, again] = await Promise.all([
      collect(stage.verify({ checkpoint, checks, plan, runId: run('a') })),
      stage.verifyAgain(checkpoint, checks, { known, plan, runId: run('b') }),
    ]);
    known.push(...again);
    const words = (list: readonly Evidence[]): string => list.map((item) => `${item.checkId} ${item.verdict}`).join();
    if (words(whole) !== words(again)) {
      const told = [...whole, ...again].map(({ checkId, cause, excerpt }) => `${checkId} ${cause}: ${excerpt}`);
      tally.differences.push(
        `seed ${seed} edit ${edit}: ${words(whole)} / ${words(again)} ${JSON.stringify({ told, files })}`,
      );
    }
    if (edit > 0) {
      const carried = again.filter((item) => item.carriedFrom).length;
      tally.edits += 1;
      tally.carried += carried;
      tally.spared += carried > 0 ? 1 : 0;
      tally.asked += again.length;
      tally.passed += again.filter(({ verdict }) => verdict === 'passed').length;
      told?.();
    }
    files = edited(files, language, roll);
  }
  await keeper.close();
}
