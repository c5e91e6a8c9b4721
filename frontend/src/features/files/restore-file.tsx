import { refuseCommand, type RunState } from '@devfactory/contracts';
import { useState } from 'react';
import { RestoreDialog } from '../../components/restore-dialog.tsx';
import { Button } from '../../components/ui/button.tsx';

interface Props {
  readonly state: RunState;
  readonly checkpoint: string;
  readonly path: string;
}

/** Brings this one file back as it was, and leaves all others as they are. Silent at the newest checkpoint. */
export function RestoreFile({ state, checkpoint, path }: Props) {
  const [asking, setAsking] = useState(false);
  const wish = { checkpointId: checkpoint, paths: [path] };
  if (checkpoint === state.head || refuseCommand(state, { do: 'restore', ...wish }) !== null) return null;
  return (
    <>
      <Button onClick={() => setAsking(true)}>Restore this file…</Button>
      <RestoreDialog state={state} wish={asking ? wish : null} onClose={() => setAsking(false)} />
    </>
  );
}
