import type { RunState } from '@devfactory/contracts';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { requestQuery, useFork } from '../../api/queries.ts';
import { Skeleton } from '../../components/ui/blank.tsx';
import { Button } from '../../components/ui/button.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import { Failure } from '../../components/ui/notice.tsx';

interface Props {
  readonly state: RunState;
  readonly checkpointId: string;
  readonly onClose: () => void;
}

/** A new run that begins with a checkpoint's files. This one is not touched. */
export function ForkDialog({ state, checkpointId, onClose }: Props) {
  const request = useQuery(requestQuery(state.id));
  return (
    <Dialog
      open
      onClose={onClose}
      wide
      title={`Fork a new run from ${checkpointId}?`}
      description="It begins with the files of this checkpoint, with the requirements as they are worded now, and with the same agent and model. This run stays as it is."
    >
      {request.isPending && <Skeleton lines={3} label="Reading the prompt" />}
      {request.isError && (
        <Failure what="The prompt could not be read" error={request.error} onRetry={() => void request.refetch()} />
      )}
      {request.data && (
        <ForkForm state={state} checkpointId={checkpointId} prompt={request.data.prompt} onClose={onClose} />
      )}
    </Dialog>
  );
}

function ForkForm({ state, checkpointId, prompt: kept, onClose }: Props & { readonly prompt: string }) {
  const [prompt, setPrompt] = useState(kept);
  const fork = useFork(state.id);
  const navigate = useNavigate();
  const start = (): void => {
    if (prompt.trim() === '') return document.getElementById('fork-prompt')?.focus();
    const wish = { checkpointId, ...(prompt === kept ? {} : { prompt }) };
    fork.mutate(wish, {
      onSuccess: ({ id }) => void navigate({ to: '/runs/$runId', params: { runId: id } }),
    });
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        start();
      }}
    >
      <label htmlFor="fork-prompt" className="mb-1 block font-medium">
        Prompt
      </label>
      <textarea
        id="fork-prompt"
        value={prompt}
        onChange={(event) => setPrompt(event.target.value)}
        className="field-sizing-content max-h-60 min-h-24 w-full resize-none rounded-md border border-line-strong bg-bg px-2.5 py-2"
      />
      {fork.error && <Failure what="It was not forked" error={fork.error} className="mt-2" />}
      <div className="mt-4 flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" look="primary" busy={fork.isPending}>
          Start the fork
        </Button>
      </div>
    </form>
  );
}
