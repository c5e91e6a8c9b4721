import { isInsideWorkspace } from '@devfactory/contracts';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { factory } from '../../api/factory.ts';
import { ActionMenu } from '../../components/ui/action-menu.tsx';
import { Button } from '../../components/ui/button.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import { Field } from '../../components/ui/field.tsx';
import { Failure } from '../../components/ui/notice.tsx';
import { useRunPlace } from '../../place/run-place.ts';

interface Props {
  readonly runId: string;
  readonly path: string;
  /** Why nothing may be done with it now; null when it may. */
  readonly blocked: string | null;
}

/** A file of the live workspace gets another name, or goes. */
export function FileMenu({ runId, path, blocked }: Props) {
  const [asking, setAsking] = useState<'move' | 'remove' | null>(null);
  const isBlocked = blocked !== null;
  return (
    <>
      <ActionMenu
        label={blocked ?? `More for ${path}`}
        actions={[
          { label: 'Rename or move…', disabled: isBlocked, onChoose: () => setAsking('move') },
          { label: 'Remove…', disabled: isBlocked, onChoose: () => setAsking('remove') },
        ]}
      />
      {asking === 'move' && <MoveDialog runId={runId} path={path} onClose={() => setAsking(null)} />}
      {asking === 'remove' && <RemoveDialog runId={runId} path={path} onClose={() => setAsking(null)} />}
    </>
  );
}

type Asked = Pick<Props, 'runId' | 'path'> & { readonly onClose: () => void };

function MoveDialog({ runId, path, onClose }: Asked) {
  const { go } = useRunPlace();
  const [to, setTo] = useState(path);
  const move = useMutation({
    mutationFn: () => factory.runs.moveFile(runId, { from: path, to }),
    onSuccess: () => {
      onClose();
      go({ file: to, edit: true, ck: undefined });
    },
  });
  const fault = isInsideWorkspace(to) ? undefined : 'A relative path, such as src/app.py';
  return (
    <Dialog open onClose={onClose} title="Rename or move">
      <form
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (fault === undefined && to !== path) move.mutate();
        }}
      >
        <Field
          id="move-file"
          label="New path"
          hint="Folders that are missing are made. Nothing is overwritten."
          fault={fault}
          value={to}
          onChange={(event) => setTo(event.target.value)}
        />
        {move.error && <Failure what="It was not moved" error={move.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={move.isPending} disabled={to === path}>
            Move it
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** It goes on condition of what it is at the click: what somebody writes after it is not removed with it. */
function RemoveDialog({ runId, path, onClose }: Asked) {
  const { go } = useRunPlace();
  const remove = useMutation({
    mutationFn: async () => {
      const { digest } = await factory.runs.fileNow(runId, path);
      return factory.runs.removeFile(runId, { path, expected: digest });
    },
    onSuccess: () => {
      onClose();
      go({ file: undefined, edit: undefined });
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Remove ${path}?`}
      description="Earlier checkpoints keep it, and can bring it back. The agent is told at its next step."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="danger" busy={remove.isPending} onClick={() => remove.mutate()}>
            Remove it
          </Button>
        </>
      }
    >
      {remove.error && <Failure what="It was not removed" error={remove.error} />}
    </Dialog>
  );
}
