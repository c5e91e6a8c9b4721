import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { limits, type Checkpoint } from '@devfactory/contracts';
import { DomainError, type Workspace } from '@devfactory/kit';
import { makeCheckpoint } from '../checkpoints/index.ts';
import { requireTools } from '../projects/index.ts';
import { importSource, sourcePlaces } from '../source/index.ts';
import { factory, type RunSession } from './session.ts';

/** Opens the workspace, lays the source into it and makes checkpoint 0, the base. */
export async function prepare(session: RunSession): Promise<void> {
  const { deps, journal, request } = session;
  // A worker that died in the middle of an import leaves half a source: begin with an empty folder.
  await deps.driver.remove(session.workspaceId);
  const workspace = await session.workspace();
  const commit = await imported(session, workspace);
  const checkpoint = await makeCheckpoint(
    { workspace, blobs: deps.blobs },
    { id: 'ck-0', label: 'Base', reason: 'base', step: null, previous: null },
  );
  requireSize(checkpoint);
  await journal.append(factory, ...session.takeEgress());
  // Before it is written down: a run that is resumed begins here again, and asks the machine again.
  await requireTools(deps, { checkpoint, checks: [] });
  if (commit !== null && request.source.kind === 'git')
    await journal.append(factory, { type: 'source.imported', data: { url: request.source.url, commit } });
  await journal.append(factory, { type: 'checkpoint.made', data: { checkpoint } });
  // The base may have needed a host that the work must not reach.
  await session.closeWorkspace();
}

async function imported(session: RunSession, workspace: Workspace): Promise<string | null> {
  const { deps, request, journal } = session;
  const directory = join(deps.arrivals ?? join(tmpdir(), 'devfactory-arrivals'), `source-${session.state.id}`);
  const { signal, end } = journal.cancelled();
  try {
    await rm(directory, { recursive: true, force: true });
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const { blobs, uploads, log } = deps;
    const forked = session.state.forkedFrom?.checkpoint ?? null;
    const places = sourcePlaces(deps);
    return await importSource({ workspace, blobs, uploads, log, forked, places, directory, signal }, request.source);
  } finally {
    end();
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** A ZIP is held to this before it is unpacked; of a repository it is known only now. */
function requireSize({ files, bytes }: Checkpoint): void {
  if (files <= limits.sourceFiles && bytes <= limits.sourceBytes) return;
  throw new DomainError('source_too_large', 'too-large', {
    message: `The source has ${files} files with ${Math.round(bytes / 1e6)} MB; at most ${limits.sourceFiles} files with ${limits.sourceBytes / 1e6} MB are taken. Begin a run with a part of it.`,
  });
}
