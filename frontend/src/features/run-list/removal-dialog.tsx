import type { Removal, RemovalPreview, RunSummary } from '@devfactory/contracts';
import { useQuery } from '@tanstack/react-query';
import { removalQuery, useRemoval } from '../../api/queries.ts';
import { Skeleton } from '../../components/ui/blank.tsx';
import { Button } from '../../components/ui/button.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import { Failure } from '../../components/ui/notice.tsx';
import { bytes } from '../../words/format.ts';

interface Props {
  readonly run: RunSummary;
  readonly removal: Removal;
  readonly onClose: () => void;
}

const verbs = { archive: 'Archive', delete: 'Delete' } as const;

/** What goes and what stays, listed before anything goes. */
export function RemovalDialog({ run, removal, onClose }: Props) {
  const preview = useQuery(removalQuery(run.id, removal));
  const order = useRemoval();
  const refusal = preview.data?.refusal ?? null;
  return (
    <Dialog
      open
      onClose={onClose}
      title={`${verbs[removal]} “${run.name}”?`}
      description={
        removal === 'archive'
          ? 'It can be read afterwards, but not go on.'
          : 'Nothing of it can be read afterwards. This cannot be undone.'
      }
      actions={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button
            look="danger"
            className="border-bad"
            busy={order.isPending}
            disabled={!preview.data || refusal !== null}
            onClick={() =>
              preview.data && order.mutate({ id: run.id, removal, seq: preview.data.seq }, { onSuccess: onClose })
            }
          >
            {verbs[removal]} the run
          </Button>
        </>
      }
    >
      {preview.isPending && <Skeleton lines={4} label="Looking at what would go" />}
      {preview.isError && (
        <Failure what="What would go could not be read" error={preview.error} onRetry={() => void preview.refetch()} />
      )}
      {preview.data && <Listing preview={preview.data} />}
      {refusal && (
        <p role="alert" className="mt-3 text-bad">
          {refusal.message}
        </p>
      )}
      {order.error && (
        <Failure
          what={`It was not ${removal === 'archive' ? 'archived' : 'deleted'}`}
          error={order.error}
          className="mt-3"
          onRetry={() => {
            order.reset();
            void preview.refetch();
          }}
        />
      )}
    </Dialog>
  );
}

function Listing({ preview: { goes, stays, frees } }: { readonly preview: RemovalPreview }) {
  return (
    <div className="grid gap-3">
      <Items title={`Goes, and frees about ${bytes(frees)}`} items={goes} none="Nothing more; it is gone already." />
      <Items title="Stays" items={stays} none="Nothing." />
    </div>
  );
}

function Items({
  title,
  items,
  none,
}: {
  readonly title: string;
  readonly items: readonly { readonly what: string; readonly sentence: string }[];
  readonly none: string;
}) {
  return (
    <section>
      <h3 className="font-medium">{title}</h3>
      {items.length === 0 && <p className="text-ink-2">{none}</p>}
      <ul className="mt-0.5 grid list-disc gap-0.5 pl-4.5 text-ink-2">
        {items.map((item) => (
          <li key={item.what}>{item.sentence}</li>
        ))}
      </ul>
    </section>
  );
}
