import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useCommand } from '../../api/queries.ts';
import { Button } from '../../components/ui/button.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import { Failure } from '../../components/ui/notice.tsx';

const mostPlaces = 100;

/** Where something looks like a secret, and a person's way to let it pass, with a reason that goes into the log and the proof. */
export function WaiveSecrets({
  runId,
  tree,
  secrets,
}: {
  readonly runId: string;
  readonly tree: string;
  readonly secrets: readonly string[];
}) {
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const [asked, setAsked] = useState(false);
  const command = useCommand(runId);
  const queries = useQueryClient();
  const places = secrets.slice(0, mostPlaces);
  const missing = asked && reason.trim() === '';
  const submit = (): void => {
    setAsked(true);
    if (reason.trim() === '') return document.getElementById('waive-secrets-reason')?.focus();
    command.mutate(
      { do: 'waive-secrets', tree, places, reason },
      {
        onSuccess: () => {
          setOpen(false);
          void queries.invalidateQueries({ queryKey: ['run', runId, 'delivery-preview'] });
        },
      },
    );
  };
  return (
    <div className="mt-1.5 grid gap-2">
      <ul aria-label="What looks like secrets" className="list-disc pl-5">
        {places.map((place) => (
          <li key={place} className="wrap-anywhere">
            {place}
          </li>
        ))}
        {secrets.length > places.length && <li>and {secrets.length - places.length} more</li>}
      </ul>
      <Button className="justify-self-start" onClick={() => setOpen(true)}>
        Let them pass…
      </Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title="Let what looks like secrets pass?"
        description="You say that nothing is opened by them. Your reason is shown in the console, and travels with the proof. It is for exactly this source tree: after any change it is asked again."
        actions={
          <>
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <Button look="primary" busy={command.isPending} onClick={submit}>
              Let them pass
            </Button>
          </>
        }
      >
        <label htmlFor="waive-secrets-reason" className="font-medium">
          Reason
        </label>
        <textarea
          id="waive-secrets-reason"
          value={reason}
          maxLength={2000}
          onChange={(event) => setReason(event.target.value)}
          aria-invalid={missing}
          aria-describedby="waive-secrets-note"
          className="mt-1 field-sizing-content min-h-[58px] w-full resize-none rounded-md border border-line-strong bg-bg px-2.5 py-1.5 aria-invalid:border-bad"
        />
        <p id="waive-secrets-note" className="text-small text-bad">
          {missing ? 'Say why.' : ''}
        </p>
        {command.error && <Failure what="It was not recorded" error={command.error} />}
      </Dialog>
    </div>
  );
}
