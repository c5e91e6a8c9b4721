import type { RunState } from '@devfactory/contracts';
import { useQuery } from '@tanstack/react-query';
import { changesQuery, useCommand } from '../../api/queries.ts';
import { Button } from '../../components/ui/button.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import { Failure } from '../../components/ui/notice.tsx';
import { Scroll } from '../../components/ui/scroll.tsx';
import { counted } from '../../words/format.ts';

interface Props {
  readonly state: RunState;
  readonly checkpointId: string | null;
  readonly onClose: () => void;
}

/** Says what a restore will do before it does it. */
export function RestoreDialog({ state, checkpointId, onClose }: Props) {
  const restore = useCommand(state.id);
  const from = state.head ?? '';
  const to = checkpointId ?? '';
  const changes = useQuery({
    ...changesQuery(state.id, { from, to }),
    enabled: checkpointId !== null && state.head !== null && from !== to,
  });
  const files = changes.data?.changes;
  return (
    <Dialog
      open={checkpointId !== null}
      onClose={onClose}
      title={`Bring the workspace back to ${to}?`}
      description={
        <>
          <p>
            A checkpoint of the present is made first, so this can be undone. The log, the evidence and the conversation
            stay. An approval of the present result ends.
          </p>
          {files && (
            <p className="mt-2">
              {files.length === 0
                ? 'The source trees are the same.'
                : `${counted(files.length, 'file')} of the source tree will change.`}
            </p>
          )}
        </>
      }
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="primary"
            busy={restore.isPending}
            onClick={() => restore.mutate({ do: 'restore', checkpointId: to }, { onSuccess: onClose })}
          >
            Restore {to}
          </Button>
        </>
      }
    >
      {files && files.length > 0 && (
        <Scroll label="Files that change" className="mono max-h-52 rounded-md border border-line px-2.5 py-1.5">
          <ul>
            {files.map((item) => (
              <li key={item.path} className="flex gap-2">
                <span className="flex-1 wrap-anywhere">{item.path}</span>
                <span className="text-ink-3">
                  {{ added: 'comes back', modified: 'changes', removed: 'goes away' }[item.change]}
                </span>
              </li>
            ))}
          </ul>
        </Scroll>
      )}
      {restore.error && <Failure what="It was not restored" error={restore.error} className="mt-2" />}
    </Dialog>
  );
}
