import type { RunState } from '../state.ts';
import { resumed, withoutApproval, type Fold } from './fold-parts.ts';

type Folded = 'checkpoint.restored' | 'checkpoint.named' | 'checkpoint.pinned' | 'checkpoint.unpinned';

/** Going back to a checkpoint, and what people say about checkpoints. */
export const restoreFolds: {
  readonly [T in Folded | 'restore.requested' | 'restore.started' | 'restore.failed']: Fold<T>;
} = {
  'checkpoint.restored': (state, { checkpointId, paths, before }) => {
    const after = paths ? (state.head ?? checkpointId) : checkpointId;
    return {
      head: after,
      ...settled(state, checkpointId, paths),
      // Older logs do not say what undoes it: then it is what the head was until now.
      lastRestore: { checkpointId, paths: paths ?? null, before: before ?? state.head ?? checkpointId, after },
      ...withoutApproval(state),
    };
  },
  'checkpoint.named': (state, { checkpointId, name }) => {
    const { [checkpointId]: _old, ...others } = state.checkpointNames;
    return { checkpointNames: name === null ? others : { ...others, [checkpointId]: name } };
  },
  'checkpoint.pinned': (state, { checkpointId }) => ({
    pinned: [...state.pinned.filter((id) => id !== checkpointId), checkpointId],
  }),
  'checkpoint.unpinned': (state, { checkpointId }) => ({ pinned: state.pinned.filter((id) => id !== checkpointId) }),
  'restore.requested': (state, { checkpointId, paths }) => ({
    restoreRequested: checkpointId,
    restorePaths: paths ?? null,
    ...withoutApproval(state),
    stage: resumed(state),
  }),
  'restore.started': (_, { before }) => ({ restoringFrom: before }),
  'restore.failed': (state, { checkpointId, paths }) => settled(state, checkpointId, paths),
};

/** Another restore may have been asked for meanwhile: that one is still to come. */
function settled(state: RunState, checkpointId: string, paths: readonly string[] | undefined): Partial<RunState> {
  const same =
    state.restoreRequested === checkpointId && JSON.stringify(state.restorePaths) === JSON.stringify(paths ?? null);
  return { restoringFrom: null, ...(same ? { restoreRequested: null, restorePaths: null } : {}) };
}
