import { useMutation, useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { factory } from '../../api/factory.ts';
import { useCommand } from '../../api/queries.ts';
import { Screenshots } from '../../components/screenshots.tsx';
import { Skeleton } from '../../components/ui/blank.tsx';
import { Button } from '../../components/ui/button.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import { Failure } from '../../components/ui/notice.tsx';

interface Props {
  readonly runId: string;
  readonly wish: { readonly port: number; readonly path: string; readonly width?: number };
  readonly onClose: () => void;
}

/** A picture of the page as a new visitor sees it, and what a person has to say about it. */
export function ScreenshotDialog({ runId, wish, onClose }: Props) {
  const [text, setText] = useState('');
  const [opened] = useState(() => Date.now());
  const field = useId();
  const shot = useQuery({
    queryKey: ['screenshot', runId, wish, opened],
    queryFn: () => factory.previews.screenshot(runId, wish),
    retry: false,
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  const command = useCommand(runId);
  const send = useMutation({
    mutationFn: async () => {
      if (shot.data)
        await command.mutateAsync({ do: 'feedback', text, mode: 'steer', screenshots: [shot.data.digest] });
    },
    onSuccess: onClose,
  });
  const isReady = shot.data !== undefined && text.trim() !== '';
  return (
    <Dialog
      open
      onClose={onClose}
      title="Say something about this page"
      description="The picture is taken by a browser of its own, as a new visitor sees the page. It is kept with what you say; agents read its place, size and words."
      wide
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" busy={send.isPending} disabled={!isReady} onClick={() => send.mutate()}>
            Send to the run
          </Button>
        </>
      }
    >
      {shot.isPending && <Skeleton lines={5} label="Taking the picture" />}
      {shot.isError && (
        <Failure what="No picture could be taken" error={shot.error} onRetry={() => void shot.refetch()} />
      )}
      {shot.data && <Screenshots runId={runId} screenshots={[shot.data]} />}
      <label htmlFor={field} className="mt-3 mb-1 block text-small font-medium text-ink-2">
        What should change
      </label>
      <textarea
        id={field}
        value={text}
        onChange={(event) => setText(event.target.value)}
        className="field-sizing-content max-h-48 min-h-[80px] w-full resize-none rounded-lg border border-line-strong bg-bg px-2.5 py-2"
      />
      {send.error && <Failure what="It was not taken" error={send.error} className="mt-2" />}
    </Dialog>
  );
}
