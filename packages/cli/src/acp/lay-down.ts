import { chmod, lstat, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Client } from '@devfactory/client';
import type { ComparedPath, RunState } from '@devfactory/contracts';
import { writeNewFile } from '../durable-file.ts';

export interface LaidDown {
  readonly written: readonly string[];
  /** Paths that were left as they are, each with the reason. */
  readonly left: readonly string[];
}

/**
 * Brings what a run changed into the folder it began with: file by file, and only where the folder still holds what the run began with, so
 * that nothing is lost that somebody wrote meanwhile. Paths come from a sandbox: nothing is written through a link or outside.
 */
export async function layDown(client: Client, state: RunState, folder: string): Promise<LaidDown> {
  const base = state.checkpoints.find(({ reason }) => reason === 'base')?.id;
  const { head } = state;
  const written: string[] = [];
  const left: string[] = [];
  if (base === undefined || head === null) return { written, left };
  for (const change of await allChanges(client, state.id, { from: base, to: head })) {
    const why = await layOne({ client, runId: state.id, folder, base, head }, change);
    if (why === null) written.push(change.path);
    else left.push(`${change.path}: ${why}`);
  }
  return { written, left };
}

async function allChanges(
  client: Client,
  runId: string,
  span: { readonly from: string; readonly to: string },
): Promise<ComparedPath[]> {
  const all: ComparedPath[] = [];
  for (let offset: number | null = 0; offset !== null;) {
    const page: Awaited<ReturnType<typeof client.runs.compare>> = await client.runs.compare(runId, { ...span, offset });
    all.push(...page.changes.filter(({ type }) => type !== 'directory'));
    offset = page.next;
  }
  return all;
}

interface Laying {
  readonly client: Client;
  readonly runId: string;
  readonly folder: string;
  readonly base: string;
  readonly head: string;
}

/** Null when it was done, else why not. */
async function layOne({ client, runId, folder, base, head }: Laying, change: ComparedPath): Promise<string | null> {
  const { path, oldPath } = change;
  for (const name of oldPath === null ? [path] : [path, oldPath]) {
    const why = await whyNot(folder, name);
    if (why !== null) return why;
  }
  if (change.type !== 'file') return 'it is a link';
  const textAt = async (checkpoint: string, name: string): Promise<string | null> => {
    const file = await client.runs.file(runId, checkpoint, name);
    return file.binary || file.truncated ? null : file.text;
  };
  const wanted = change.change === 'removed' ? '' : await textAt(head, path);
  if (wanted === null) return 'it is no text, or a large one; it is in the run';
  const source = change.change === 'added' ? null : (oldPath ?? path);
  const before = source === null ? null : await textAt(base, source);
  const now = await readFile(join(folder, source ?? path), 'utf8').catch(() => null);
  if (now !== before && now !== wanted) return 'it changed here meanwhile';
  const target = join(folder, path);
  if (change.change === 'removed') await rm(target, { force: true });
  else {
    await mkdir(dirname(target), { recursive: true });
    const draft = `${target}.${process.pid}.part`;
    await writeNewFile(draft, new Blob([wanted]).stream(), 0o644);
    if ((change.modeAfter ?? 0) & 0o100) await chmod(draft, 0o755);
    await rename(draft, target);
    if (oldPath !== null) await rm(join(folder, oldPath), { force: true });
  }
  return null;
}

async function whyNot(folder: string, path: string): Promise<string | null> {
  const names = path.split('/');
  if (path.startsWith('/') || names.some((name) => name === '' || name === '.' || name === '..'))
    return 'no plain path';
  if (names[0] === '.git') return 'it belongs to git';
  for (let at = 1; at <= names.length; at += 1) {
    const stats = await lstat(join(folder, ...names.slice(0, at))).catch(() => null);
    if (stats?.isSymbolicLink()) return 'a link is in its way';
  }
  return null;
}
