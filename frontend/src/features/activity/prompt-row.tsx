import type { OutsideVoice, RunState } from '@devfactory/contracts';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { requestQuery } from '../../api/queries.ts';
import { Clipped } from '../../components/ui/clipped.tsx';
import { Mark } from '../../components/ui/mark.tsx';
import { Failure } from '../../components/ui/notice.tsx';
import { RowFrame } from './row-frame.tsx';

interface Props {
  readonly state: RunState;
  readonly note: ReactNode;
  readonly last: boolean;
}

/** The state carries this much of a prompt; the rest is read when it is asked for. */
const headCharacters = 2000;

/** What was asked, in the person's own words. */
export function PromptRow({ state, note, last }: Props) {
  const [whole, setWhole] = useState(false);
  const request = useQuery({ ...requestQuery(state.id), enabled: whole });
  const cut = state.promptHead.length >= headCharacters;
  return (
    <RowFrame
      mark={<Mark shape="ring" tone="run" />}
      title={<b className="font-semibold">{state.from ? <OutsideAsker from={state.from} /> : 'You asked'}</b>}
      note={note}
      last={last}
    >
      <Clipped text={request.data?.prompt ?? state.promptHead} className="mt-0.5 text-ink-2" />
      {request.error && (
        <Failure
          what="The whole prompt could not be read"
          error={request.error}
          onRetry={() => void request.refetch()}
        />
      )}
      {cut && !whole && (
        <button
          type="button"
          className="min-h-6 text-accent underline underline-offset-2"
          onClick={() => setWhole(true)}
        >
          Read the whole prompt
        </button>
      )}
    </RowFrame>
  );
}

function OutsideAsker({ from }: { readonly from: OutsideVoice }) {
  return (
    <>
      {from.author} asked{' '}
      <a href={from.url} target="_blank" rel="noreferrer" className="text-accent underline underline-offset-2">
        at GitHub
      </a>
    </>
  );
}
