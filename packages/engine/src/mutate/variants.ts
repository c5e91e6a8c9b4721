import type { CheckFile, TestCheck } from '@devfactory/contracts';
import { rewritten } from './changed-code.ts';
import type { Edit, Grammar, Parsed, TestWords } from './grammar.ts';
import { grammarFor } from './grammars.ts';

/** Locked tests in another form, in files of their own beside the locked ones, so that one run answers for both. */
export interface Variant {
  readonly files: readonly CheckFile[];
  /** Ids of its tests, each named like the locked test that it was made of. */
  readonly tests: readonly { readonly id: string; readonly of: string }[];
}

export interface Variants {
  /** Without assertions, the stricter first: same imports and calls, then same imports alone. Tests that fail so do not even run. */
  readonly nulls: readonly Variant[];
  /** Expecting something else: tests that honest code has to fail. Null where no such expectation is known. */
  readonly twisted: Variant | null;
}

export async function variantsOf(spec: TestCheck): Promise<Variants> {
  const nulls = await Promise.all(
    (['evaluating', 'importing'] as const).map((how) =>
      variantOf(spec, how, (words, { root }) => ({ edits: words.stripped(root, how), tests: null })),
    ),
  );
  return {
    nulls: nulls.filter((variant) => variant !== null),
    twisted: await variantOf(spec, 'twisted', (words, { root }) => words.twisted(root)),
  };
}

/** Whether tests of a language without null checks are among these: whether such a test noticed a change, or just did not run, nobody knows. */
export function hasUnreadTests(spec: TestCheck): boolean {
  return spec.files.some(({ path }) => spec.tests.some((id) => id.startsWith(`${path}::`)) && !grammarFor(path)?.tests);
}

/** The locked tests with variants beside them. */
export function withVariants(spec: TestCheck, variants: readonly Variant[]): TestCheck {
  return {
    ...spec,
    files: [...spec.files, ...variants.flatMap(({ files }) => files)],
    tests: [...spec.tests, ...variants.flatMap(({ tests }) => tests.map(({ id }) => id))],
  };
}

type Rewriting = (
  words: TestWords,
  file: Parsed,
) => { readonly edits: readonly Edit[]; readonly tests: ReadonlySet<string> | null };

async function variantOf(spec: TestCheck, name: string, rewrite: Rewriting): Promise<Variant | null> {
  const files: CheckFile[] = [];
  const tests: { id: string; of: string }[] = [];
  for (const file of spec.files) {
    const ids = spec.tests.filter((id) => id.startsWith(`${file.path}::`));
    const grammar = grammarFor(file.path);
    const words = grammar?.tests;
    if (ids.length === 0 || !grammar || !words) continue;
    const { made, path, names, rename } = await remade(file, { grammar, words, name, rewrite });
    if (made === null) continue;
    files.push({ path, content: made });
    const meant = ids.filter((id) => names === null || isNamed(id, names));
    tests.push(...meant.map((id) => ({ id: `${path}::${rename(id.slice(file.path.length + 2))}`, of: id })));
  }
  return tests.length > 0 ? { files, tests } : null;
}

async function remade(
  file: CheckFile,
  { grammar, words, name, rewrite }: { grammar: Grammar; words: TestWords; name: string; rewrite: Rewriting },
): Promise<{ made: string | null; path: string; names: ReadonlySet<string> | null; rename: (test: string) => string }> {
  let names: ReadonlySet<string> | null = null;
  let apart: ReturnType<NonNullable<TestWords['apart']>> | null = null;
  const made = await rewritten({ text: file.content, grammar }, (parsed) => {
    const { edits, tests: only } = rewrite(words, parsed);
    names = only;
    apart = words.apart?.({ path: file.path, root: parsed.root }, name) ?? null;
    return [...edits, ...(apart?.edits ?? [])];
  });
  const kept = apart as ReturnType<NonNullable<TestWords['apart']>> | null;
  return { made, path: kept?.path ?? beside(file.path, name), names, rename: kept?.rename ?? ((test) => test) };
}

/** In the same folder, where relative imports lead to the same places. */
function beside(path: string, name: string): string {
  const slash = path.lastIndexOf('/') + 1;
  return `${path.slice(0, slash)}test_devfactory_${name}_${path.slice(slash)}`;
}

/** Whether a test id means a test of this name: the last part, without the case of a parametrised one. */
function isNamed(id: string, names: ReadonlySet<string>): boolean {
  const last =
    id
      .slice(id.indexOf('::') + 2)
      .split(' > ')
      .at(-1) ?? '';
  return names.has(last) || names.has((last.split('::').at(-1) ?? '').split('[')[0] ?? '');
}
