import { runWorkspaceId } from '@devfactory/engine';
import type { LiveWorkspaces } from '../workspaces/live-workspaces.ts';
import { EditLog, type EditLogParts } from './edit-log.ts';
import { PersonEdits } from './person-edits.ts';
import { SharedFiles } from './shared-files.ts';
import { Stays } from './stays.ts';
import { WorkspaceLooking } from './workspace-files.ts';

/** What people do with the files of a run themselves. */
export interface Editing {
  readonly edits: PersonEdits;
  readonly looking: WorkspaceLooking;
  readonly shared: SharedFiles;
  close(): Promise<void>;
}

export function openEditing(parts: EditLogParts & { readonly liveWorkspaces: LiveWorkspaces }): Editing {
  const stays = new Stays(parts.liveWorkspaces);
  const log = new EditLog(parts);
  const shared = new SharedFiles({ stays, log });
  return {
    edits: new PersonEdits({ stays, log, changed: (runId, path) => shared.changed(runWorkspaceId(runId), [path]) }),
    shared,
    looking: new WorkspaceLooking(stays),
    close: async () => {
      await shared.close();
      await stays.close();
    },
  };
}
