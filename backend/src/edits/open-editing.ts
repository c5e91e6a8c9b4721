import { runWorkspaceId, type CoEditing } from '@devfactory/engine';
import type { BlobStore } from '@devfactory/kit';
import type { LiveWorkspaces } from '../workspaces/live-workspaces.ts';
import { EditLog, type EditLogParts } from './edit-log.ts';
import { PersonEdits } from './person-edits.ts';
import { SharedFiles } from './shared-files.ts';
import { Stays } from './stays.ts';
import { UnannouncedEdits } from './unannounced-edits.ts';
import { WorkspaceLooking } from './workspace-files.ts';

/** What people do with the files of a run themselves. */
export interface Editing {
  readonly edits: PersonEdits;
  readonly looking: WorkspaceLooking;
  readonly shared: SharedFiles;
  readonly unannounced: UnannouncedEdits;
  /** The agent's side of it. */
  readonly beside: CoEditing;
  close(): Promise<void>;
}

export interface EditingParts extends EditLogParts {
  readonly liveWorkspaces: LiveWorkspaces;
  readonly blobs: BlobStore;
}

export function openEditing(parts: EditingParts): Editing {
  const stays = new Stays(parts.liveWorkspaces);
  const log = new EditLog(parts);
  const changed = (runId: string, paths: readonly string[]): Promise<void> =>
    shared.changed(runWorkspaceId(runId), paths);
  const unannounced = new UnannouncedEdits({ ...parts, live: parts.liveWorkspaces, log, changed });
  const shared = new SharedFiles({ stays, log, unannounced });
  return {
    edits: new PersonEdits({ stays, log, unannounced, changed: (runId, path) => changed(runId, [path]) }),
    shared,
    unannounced,
    beside: {
      // What is typed is announced, so it is written first.
      settle: async (workspaceId, paths, next) => {
        await shared.settle(workspaceId, paths);
        await unannounced.settle(workspaceId, paths, next);
      },
      changed: async (workspaceId, paths) => {
        await unannounced.changed(workspaceId, paths);
        await shared.changed(workspaceId, paths);
      },
    },
    looking: new WorkspaceLooking(stays),
    close: async () => {
      await shared.close();
      await unannounced.close();
      await stays.close();
    },
  };
}
