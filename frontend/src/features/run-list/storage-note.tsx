import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { cleanUpQuery, storageQuery, useCleanUp } from '../../api/queries.ts';
import { Skeleton } from '../../components/ui/blank.tsx';
import { Button } from '../../components/ui/button.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import { Failure, Notice } from '../../components/ui/notice.tsx';
import { bytes } from '../../words/format.ts';

/** What all runs together keep, and a way to free what nothing needs. Loud only when little room is left. */
export function StorageNote() {
  const use = useQuery(storageQuery);
  const [cleaning, setCleaning] = useState(false);
  if (!use.data) return null;
  const { blobs, workspaces, uploads, logs, quota } = use.data;
  const parts = [
    ['checkpoints and proof', blobs.bytes],
    ['workspaces', workspaces.bytes],
    ['logs', logs.bytes],
    ['uploads', uploads.bytes],
  ] as const;
  const total = parts.reduce((sum, [, size]) => sum + size, 0);
  const tight = quota.state === 'near' || quota.state === 'reached';
  return (
    <footer className="mt-6 text-small text-ink-2">
      {tight && (
        <Notice tone={quota.state === 'reached' ? 'bad' : 'warn'} title={quota.sentence} className="mb-3">
          Delete or archive runs, or clean up what nothing needs.
        </Notice>
      )}
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <span className="font-medium text-ink">
          {bytes(total)}
          {quota.bytes !== null && ` of ${bytes(quota.bytes)}`} kept
        </span>
        <span>
          {parts
            .filter(([, size]) => size > 0)
            .map(([name, size]) => `${name} ${bytes(size)}`)
            .join(' · ')}
        </span>
        <Button look="quiet" className="ml-auto" onClick={() => setCleaning(true)}>
          Clean up…
        </Button>
      </div>
      {cleaning && <CleanUpDialog onClose={() => setCleaning(false)} />}
    </footer>
  );
}

function CleanUpDialog({ onClose }: { readonly onClose: () => void }) {
  const preview = useQuery(cleanUpQuery);
  const order = useCleanUp();
  const nothing = preview.data?.removed.count === 0 && preview.data.workspaces.length === 0;
  return (
    <Dialog
      open
      onClose={onClose}
      title="Clean up what nothing needs?"
      description="Runs, their logs, evidence and checkpoints stay as they are."
      actions={
        order.data ? (
          <Button look="primary" onClick={onClose}>
            Close
          </Button>
        ) : (
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button
              look="primary"
              busy={order.isPending}
              disabled={!preview.data || nothing}
              onClick={() => order.mutate()}
            >
              Clean up
            </Button>
          </>
        )
      }
    >
      {preview.isPending && <Skeleton lines={2} label="Looking at what nothing needs" />}
      {preview.isError && (
        <Failure
          what="It could not be told what nothing needs"
          error={preview.error}
          onRetry={() => void preview.refetch()}
        />
      )}
      <p role="status">{order.data?.sentence ?? preview.data?.sentence}</p>
      {order.error && <Failure what="It was not cleaned up" error={order.error} className="mt-2" />}
    </Dialog>
  );
}
