import { makeCheckpoint } from '../checkpoints/index.ts';
import { importSource } from '../source/index.ts';
import { factory, type RunSession } from './session.ts';

/** Opens the workspace, lays the source into it and makes checkpoint 0, the base. */
export async function prepare(session: RunSession): Promise<void> {
  const { deps, journal, request } = session;
  // A worker that died in the middle of an import leaves half a source: begin with an empty folder.
  await deps.driver.remove(session.workspaceId);
  const workspace = await session.workspace();
  await importSource(
    {
      workspace,
      blobs: deps.blobs,
      uploads: deps.uploads,
      log: deps.log,
      forked: session.state.forkedFrom?.checkpoint ?? null,
    },
    request.source,
  );
  const checkpoint = await makeCheckpoint(
    { workspace, blobs: deps.blobs },
    { id: 'ck-0', label: 'Base', reason: 'base', step: null, previous: null },
  );
  await session.recordEgress();
  await journal.append(factory, { type: 'checkpoint.made', data: { checkpoint } });
  // The base may have needed a host that the work must not reach.
  await session.closeWorkspace();
}
