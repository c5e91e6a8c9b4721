import type { RequirementView } from '@devfactory/contracts';
import { useState } from 'react';
import { useCommand } from '../../api/queries.ts';
import { Button } from '../../components/ui/button.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import { Failure } from '../../components/ui/notice.tsx';
import { shortDigest } from '../../words/format.ts';

export type MarkKind = 'waive' | 'accept';

interface Props {
  readonly kind: MarkKind | null;
  readonly view: RequirementView;
  readonly runId: string;
  readonly tree: string | null;
  readonly onClose: () => void;
}

/** A person's word about a requirement, with a reason that goes into the log and into the proof. */
export function MarkDialog({ kind, view, runId, tree, onClose }: Props) {
  const [reason, setReason] = useState('');
  const [asked, setAsked] = useState(false);
  const mark = useCommand(runId);
  const submit = (): void => {
    setAsked(true);
    if (reason.trim() === '') return document.getElementById('mark-reason')?.focus();
    if (kind === 'accept' && tree !== null)
      mark.mutate({ do: 'accept-requirement', id: view.id, reason, tree }, { onSuccess: onClose });
    else mark.mutate({ do: 'waive-requirement', id: view.id, reason }, { onSuccess: onClose });
  };
  const accept = kind === 'accept';
  return (
    <Dialog
      open={kind !== null}
      onClose={onClose}
      title={accept ? `Accept ${view.id} by hand?` : `Waive ${view.id}?`}
      description={
        accept
          ? `You say that you have seen it hold on this tree${tree ? ` (${shortDigest(tree)})` : ''}. It is shown as accepted by hand, with your reason, in the console and in the proof. It does not count as proven.`
          : 'You say that it need not hold. It is shown as waived, with your reason, in the console and in the proof. It does not count as proven.'
      }
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" busy={mark.isPending} onClick={submit}>
            {accept ? 'Accept by hand' : 'Waive'}
          </Button>
        </>
      }
    >
      <label htmlFor="mark-reason" className="font-medium">
        Reason
      </label>
      <textarea
        id="mark-reason"
        value={reason}
        maxLength={2000}
        onChange={(event) => setReason(event.target.value)}
        aria-invalid={asked && reason.trim() === ''}
        aria-describedby="mark-note"
        className="mt-1 field-sizing-content min-h-[58px] w-full resize-none rounded-md border border-line-strong bg-bg px-2.5 py-1.5 aria-invalid:border-bad"
      />
      <p id="mark-note" className="text-small text-bad">
        {asked && reason.trim() === '' ? 'Say why.' : ''}
      </p>
      {mark.error && <Failure what="It was not recorded" error={mark.error} />}
    </Dialog>
  );
}
