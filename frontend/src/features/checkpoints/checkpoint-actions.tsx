import { isKept, refuseCommand, type RunState } from '@devfactory/contracts';
import { useState } from 'react';
import { useCommand } from '../../api/queries.ts';
import { RestoreDialog, undoWish, type RestoreWish } from '../../components/restore-dialog.tsx';
import { ActionMenu } from '../../components/ui/action-menu.tsx';
import { Button } from '../../components/ui/button.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import { Failure } from '../../components/ui/notice.tsx';
import { useRunPlace } from '../../place/run-place.ts';
import { ForkDialog } from './fork-dialog.tsx';
import { NameDialog } from './name-dialog.tsx';

interface Props {
  readonly state: RunState;
  readonly checkpointId: string;
}

/** What can be done with a checkpoint. What the run cannot take now is not offered. */
export function CheckpointActions({ state, checkpointId }: Props) {
  const { go } = useRunPlace();
  const [restoring, setRestoring] = useState<RestoreWish | null>(null);
  const [naming, setNaming] = useState(false);
  const [forking, setForking] = useState(false);
  const command = useCommand(state.id);
  const ids = state.checkpoints.map((item) => item.id);
  const before = ids[ids.indexOf(checkpointId) - 1];
  const here = checkpointId === state.head;
  const over = state.archived !== null;
  const pinned = state.pinned.includes(checkpointId);
  const undo = undoWish(state);
  if (!isKept(state, checkpointId))
    return <p className="self-center text-small text-ink-3">Its files went when the run was archived.</p>;
  const compare = (base: string, ck: string | undefined): void =>
    go({ view: 'changes', pane: 'work', base, ck, file: undefined });
  return (
    <>
      {undo && here && <Button onClick={() => setRestoring(undo)}>Undo restore…</Button>}
      <Button disabled={before === undefined} onClick={() => compare(before ?? 'start', checkpointId)}>
        Compare {before ? `${short(before)} ↔ ${short(checkpointId)}` : ''}
      </Button>
      {!here && !state.archived && (
        <Button
          disabled={refuseCommand(state, { do: 'restore', checkpointId }) !== null}
          onClick={() => setRestoring({ checkpointId })}
        >
          Restore…
        </Button>
      )}
      <ActionMenu
        label={`More for ${checkpointId}`}
        actions={[
          { label: 'Fork a new run from it…', onChoose: () => setForking(true) },
          { label: 'Name…', disabled: over, onChoose: () => setNaming(true) },
          {
            disabled: over,
            label: pinned ? 'Unpin' : 'Pin: keep it when the run is archived',
            onChoose: () => command.mutate({ do: pinned ? 'unpin-checkpoint' : 'pin-checkpoint', checkpointId }),
          },
          { label: 'Compare with now', disabled: here, onChoose: () => compare(checkpointId, undefined) },
          {
            label: 'Browse its files',
            onChoose: () => go({ view: 'files', pane: 'work', ck: checkpointId, file: undefined }),
          },
        ]}
      />
      <RestoreDialog state={state} wish={restoring} onClose={() => setRestoring(null)} />
      {forking && <ForkDialog state={state} checkpointId={checkpointId} onClose={() => setForking(false)} />}
      {naming && <NameDialog state={state} checkpointId={checkpointId} onClose={() => setNaming(false)} />}
      <Dialog
        open={command.isError}
        onClose={() => command.reset()}
        title="The run did not take it"
        actions={<Button onClick={() => command.reset()}>Close</Button>}
      >
        <Failure what="The server’s words" error={command.error} />
      </Dialog>
    </>
  );
}

export function short(id: string): string {
  return id.replace('ck-', '');
}
