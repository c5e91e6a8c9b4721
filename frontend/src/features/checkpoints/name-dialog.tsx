import type { RunState } from '@devfactory/contracts';
import { useState } from 'react';
import { useCommand } from '../../api/queries.ts';
import { Button } from '../../components/ui/button.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import { Failure } from '../../components/ui/notice.tsx';

interface Props {
  readonly state: RunState;
  readonly checkpointId: string;
  readonly onClose: () => void;
}

/** A name by which one finds a checkpoint again. Empty takes it away. */
export function NameDialog({ state, checkpointId, onClose }: Props) {
  const kept = state.checkpointNames[checkpointId] ?? '';
  const [name, setName] = useState(kept);
  const command = useCommand(state.id);
  const save = (): void => {
    if (name.trim() === kept) return onClose();
    command.mutate({ do: 'name-checkpoint', checkpointId, name: name.trim() || null }, { onSuccess: onClose });
  };
  return (
    <Dialog open onClose={onClose} title={`Name ${checkpointId}`}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <label htmlFor="checkpoint-name" className="mb-1 block font-medium">
          Name
        </label>
        <input
          id="checkpoint-name"
          value={name}
          maxLength={100}
          onChange={(event) => setName(event.target.value)}
          placeholder={state.checkpoints.find((item) => item.id === checkpointId)?.label}
          className="tap w-full rounded-md border border-line-strong bg-bg px-2.5"
        />
        {command.error && <Failure what="It was not named" error={command.error} className="mt-2" />}
        <div className="mt-4 flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={command.isPending}>
            {name.trim() === '' && kept !== '' ? 'Take the name away' : 'Save name'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
