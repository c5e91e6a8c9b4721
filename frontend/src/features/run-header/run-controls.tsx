import { counted, refuseCommand, type RunState } from '@devfactory/contracts';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useCommand } from '../../api/queries.ts';
import { useCommands } from '../../components/shell/commands.ts';
import { useKeys } from '../../components/shell/keys.ts';
import { Button, buttonClasses } from '../../components/ui/button.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import { Failure } from '../../components/ui/notice.tsx';

/** Pause or resume, cancel, deliver. What the run cannot take now is not offered. */
export function RunControls({ state, proven }: { readonly state: RunState; readonly proven: string }) {
  const command = useCommand(state.id);
  const [cancelling, setCancelling] = useState(false);
  const rests = ['cancelled', 'delivered', 'finished', 'failed'].includes(state.stage.name);
  const resumable = refuseCommand(state, { do: 'resume' }) === null;
  const waits = state.stage.name === 'waiting';
  const inReview = state.stage.name === 'waiting' && state.stage.for === 'review';
  const pausable = !resumable && !rests && !waits && !state.archived;
  const cancellable = !state.archived && !['cancelled', 'delivered', 'finished'].includes(state.stage.name);
  const cancel = cancellable ? () => setCancelling(true) : undefined;
  useKeys({ 'mod+.': cancel });
  useCommands([
    ...(resumable
      ? [{ id: 'resume', title: 'Resume', group: 'This run', act: () => command.mutate({ do: 'resume' }) }]
      : []),
    ...(pausable
      ? [{ id: 'pause', title: 'Pause', group: 'This run', act: () => command.mutate({ do: 'pause' }) }]
      : []),
    ...(cancel ? [{ id: 'cancel', title: 'Cancel…', group: 'This run', keys: 'Ctrl/⌘ .', act: cancel }] : []),
  ]);
  return (
    <>
      {resumable && (
        <Button
          look={inReview ? 'plain' : 'primary'}
          busy={command.isPending}
          onClick={() => command.mutate({ do: 'resume' })}
        >
          Resume
        </Button>
      )}
      {pausable && (
        <Button busy={command.isPending} onClick={() => command.mutate({ do: 'pause' })}>
          Pause
        </Button>
      )}
      {cancel && (
        <Button look="danger" onClick={cancel}>
          Cancel…
        </Button>
      )}
      <Link
        to="/runs/$runId/deliver"
        params={{ runId: state.id }}
        className={buttonClasses(inReview || state.stage.name === 'delivered' ? 'primary' : 'plain')}
      >
        Deliver… {proven}
      </Link>
      <Dialog
        open={command.isError}
        onClose={() => command.reset()}
        title="The run did not take it"
        actions={<Button onClick={() => command.reset()}>Close</Button>}
      >
        <Failure what="The server’s words" error={command.error} />
      </Dialog>
      <CancelDialog state={state} open={cancelling} onClose={() => setCancelling(false)} />
    </>
  );
}

function CancelDialog({
  state,
  open,
  onClose,
}: {
  readonly state: RunState;
  readonly open: boolean;
  readonly onClose: () => void;
}) {
  const cancel = useCommand(state.id);
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Cancel this run?"
      description={
        <>
          <p>It stops for good after what runs at this moment. To stop it for a while, pause it instead.</p>
          <p className="mt-2">
            Kept: the log, {counted(state.checkpoints.length, 'checkpoint')} with all files, the evidence and every
            delivery. A new run can start from any checkpoint.
          </p>
        </>
      }
      actions={
        <>
          <Button onClick={onClose}>Keep it running</Button>
          <Button
            look="danger"
            className="border-bad"
            busy={cancel.isPending}
            onClick={() => cancel.mutate({ do: 'cancel' }, { onSuccess: onClose })}
          >
            Cancel the run
          </Button>
        </>
      }
    >
      {cancel.error && <Failure what="It was not cancelled" error={cancel.error} />}
    </Dialog>
  );
}
