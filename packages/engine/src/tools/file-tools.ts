import { isUtf8 } from 'node:buffer';
import { DomainError, type WalkEntry, type WorkspaceFiles } from '@devfactory/kit';
import { structuredPatch } from 'diff';
import { cutLines, cutText } from '../text/cut-text.ts';
import { findPlace } from './find-place.ts';
import { seenByAgent } from './seen-by-agent.ts';
import { digestOf, failed, ok, okFile, type InputOf, type ToolContext, type ToolOutcome } from './tool.ts';
import { workspaceOf } from './workspace-of.ts';

const readBytes = 2_000_000;
const answerCharacters = 50_000;
const diffLines = 60;
const mostTries = 20;
const diffCharacters = 4000;
/** The file is a stranger's: comparing may not hold up everyone else. */
const patience = { timeout: 300, maxEditLength: 5000 };

/** Lines of a text file, numbered from 1; binary files are named as such. */
export async function read(context: ToolContext, input: InputOf<'read'>): Promise<ToolOutcome> {
  const bytes = await readFile(context, input.path);
  if (bytes.includes(0)) return failed(`${input.path} is binary (${bytes.length} bytes).`);
  const lines = decode(bytes).split('\n');
  const from = input.offset ?? 0;
  const shown = lines.slice(from, from + (input.limit ?? 2000));
  const more =
    from + shown.length < lines.length
      ? `\n… ${lines.length - from - shown.length} more lines; read on with offset ${from + shown.length}.`
      : '';
  return okFile(cutText(shown.join('\n'), answerCharacters) + more, { path: input.path, bytes });
}

export async function write(context: ToolContext, input: InputOf<'write'>): Promise<ToolOutcome> {
  const { files } = await workspaceOf(context, input.path);
  const bytes = new TextEncoder().encode(input.content);
  const seen = input.seen ?? (await seenByAgent(context.session, input.path));
  const mode = input.executable ? { mode: 0o755 } : {};
  if (seen === undefined) await files.write(input.path, bytes, mode);
  else {
    const before = await bytesIfThere(files, input.path);
    // A worker that died after it wrote left exactly this. Of a file that is gone nothing is lost.
    const known = [seen, digestOf(bytes)];
    if (before && !known.includes(digestOf(before))) return changedMeanwhile(input.path);
    try {
      await files.write(input.path, bytes, { ...mode, expected: before && digestOf(before) });
    } catch (error) {
      if (isTaken(error)) return changedMeanwhile(input.path);
      throw error;
    }
  }
  return okFile(`Wrote ${input.path} (${bytes.length} bytes).`, { path: input.path, bytes });
}

/**
 * Replaces one place. Line ends, a byte-order mark and the mode stay as they are in the file. What a person changed elsewhere in the file
 * since the agent saw it stays, too: the place must then be there exactly as the agent knows it.
 */
export async function edit(context: ToolContext, input: InputOf<'edit'>): Promise<ToolOutcome> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await editOnce(context, input);
    } catch (error) {
      // Somebody is just typing into it.
      if (!isTaken(error)) throw error;
      if (tries >= mostTries) return changedMeanwhile(input.path);
    }
  }
}

async function editOnce(context: ToolContext, input: InputOf<'edit'>): Promise<ToolOutcome> {
  const { files } = await workspaceOf(context, input.path);
  const old = await readFile(context, input.path);
  const expected = digestOf(old);
  if (!isUtf8(old))
    return failed(`${input.path} is not UTF-8 text; an edit would damage it. Use a program in the shell.`);
  const before = decode(old);
  const other = input.seen !== undefined && expected !== input.seen;
  if (other && before.split(input.find).length !== 2) return changedMeanwhile(input.path);
  const found = findPlace(before, input.find, input.replace);
  if ('places' in found) return failed(notUnique(input.path, found.places));
  const { start, end, replacement } = found.place;
  const after = before.slice(0, start) + replacement + before.slice(end);
  const bytes = new TextEncoder().encode(after);
  await files.write(input.path, bytes, { expected });
  const note = other ? ' It had been changed since you last saw it, elsewhere; both changes are in it now.' : '';
  // What else is in it by now the agent has not seen.
  const text = `Edited ${input.path}.${note}\n${shortDiff(before, after)}`.trimEnd();
  return other ? ok(text) : okFile(text, { path: input.path, bytes });
}

function isTaken(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'file_changed';
}

function notUnique(path: string, places: number): string {
  return places === 0
    ? `The text to find is not in ${path}. Read the file and copy the text as it is there.`
    : `The text to find is in ${path} ${places} times; give more of what is around it.`;
}

/** What a person or a command wrote in the meantime is never overwritten unseen. */
function changedMeanwhile(path: string): ToolOutcome {
  return failed(
    `${path} was changed since you last saw it, by a person or a command. Nothing was written; read it again.`,
  );
}

async function bytesIfThere(files: WorkspaceFiles, path: string): Promise<Uint8Array | null> {
  try {
    return await files.read(path, { maxBytes: readBytes });
  } catch (error) {
    if (error instanceof DomainError && error.code === 'file_missing') return null;
    throw error;
  }
}

/** What changed, with one line around it. */
function shortDiff(before: string, after: string): string {
  const patch = structuredPatch('', '', before, after, '', '', { context: 1, ...patience });
  const lines = patch?.hunks.flatMap((hunk) => [`@@ ${hunk.newStart} @@`, ...hunk.lines]) ?? [];
  return cutText(cutLines(lines.join('\n').replaceAll('\r', ''), diffLines), diffCharacters);
}

export async function list(context: ToolContext, input: InputOf<'list'>): Promise<ToolOutcome> {
  const path = input.path ?? '.';
  const { files } = await workspaceOf(context, path);
  const entries = await files.list(path);
  return ok(cutText(entries.map(listLine).join('\n') || `${path} is empty.`, answerCharacters));
}

async function readFile(context: ToolContext, path: string): Promise<Uint8Array> {
  const { files } = await workspaceOf(context, path);
  return files.read(path, { maxBytes: readBytes });
}

/** UTF-8 with a byte-order mark kept, so that writing gives the same bytes back. */
function decode(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

function listLine(entry: WalkEntry): string {
  if (entry.type === 'directory') return `${entry.path}/`;
  return entry.type === 'symlink' ? `${entry.path} -> ${entry.target}` : `${entry.path} (${entry.size} bytes)`;
}
