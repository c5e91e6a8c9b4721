import { setImmediate } from 'node:timers/promises';
import type { SourceTree } from '@devfactory/kit';
import { structuredPatch } from 'diff';
import { compareEntries } from '../checkpoints/compare.ts';
import { readSource } from '../verify/prepare/source-view.ts';
import { type Edit, type Grammar, type Parsed, withEdits } from './grammar.ts';
import { grammarFor } from './grammars.ts';
import { parse } from './parse.ts';
import { type Site, sitesOf } from './sites.ts';

/** A file that differs from the base and that a grammar knows. */
export interface ChangedFile {
  readonly path: string;
  readonly mode: number;
  readonly text: string;
  readonly grammar: Grammar;
  readonly sites: readonly Site[];
}

const fileBytes = 256 * 1024;
const allBytes = 8 * 1024 * 1024;
/** For reading the changed files of one tree: the server does nothing else meanwhile, and the files are a stranger's. */
const patienceMs = 6000;
/** Sites of one file that are considered: a generated file may not crowd out the others. */
const sitesPerFile = 2000;
const patience = { timeout: 500, maxEditLength: 20_000 };

/** What can be mutated: lines that differ between the trees, in files that are no locked check's. */
export async function changedCode(
  trees: { readonly base: SourceTree; readonly head: SourceTree },
  locked: ReadonlySet<string>,
): Promise<ChangedFile[]> {
  const files: ChangedFile[] = [];
  let room = allBytes;
  const end = performance.now() + patienceMs;
  for (const { path, before, after } of compareEntries(trees.base.entries, trees.head.entries)) {
    const grammar = grammarFor(path);
    if (!grammar || after?.type !== 'file' || after.raw || locked.has(path) || after.size > fileBytes) continue;
    room -= after.size;
    if (room < 0 || performance.now() > end) break;
    await setImmediate();
    const text = await textOf(trees.head, path);
    const old = before?.type === 'file' && before.size <= fileBytes ? await textOf(trees.base, path) : '';
    if (text === null || old === null) continue;
    const sites = await sitesIn(text, grammar, changedLines(old, text));
    if (sites.length > 0) files.push({ path, mode: after.mode, text, grammar, sites });
  }
  return files;
}

/** Null for bytes that are no text. */
async function textOf(tree: SourceTree, path: string): Promise<string | null> {
  const bytes = await readSource(tree, { path, maxBytes: fileBytes });
  if (bytes === null) return null;
  const text = Buffer.from(bytes).toString('utf8');
  return text.includes('\0') || text.includes('�') ? null : text;
}

/** 1-based lines of `after` that are new. All of them where comparing takes too long. */
function changedLines(before: string, after: string): ReadonlySet<number> {
  const all = (): Set<number> => new Set(after.split('\n').map((_, index) => index + 1));
  if (before === '') return all();
  const patch = structuredPatch('a', 'b', before, after, undefined, undefined, { context: 0, ...patience });
  if (!patch) return all();
  const lines = new Set<number>();
  for (const { newStart, newLines } of patch.hunks)
    for (let line = newStart; line < newStart + newLines; line += 1) lines.add(line);
  return lines;
}

async function sitesIn(text: string, grammar: Grammar, lines: ReadonlySet<number>): Promise<readonly Site[]> {
  const tree = await parse(text, grammar);
  if (!tree) return [];
  try {
    return sitesOf({ root: tree.rootNode, text }, grammar, lines).slice(0, sitesPerFile);
  } finally {
    tree.delete();
  }
}

/** The file's text with edits that come from its syntax tree; null when it could not be parsed in time. */
export async function rewritten(
  { text, grammar }: Pick<ChangedFile, 'text' | 'grammar'>,
  edits: (file: Parsed) => readonly Edit[],
): Promise<string | null> {
  const tree = await parse(text, grammar);
  if (!tree) return null;
  try {
    return withEdits(text, edits({ root: tree.rootNode, text }));
  } finally {
    tree.delete();
  }
}
