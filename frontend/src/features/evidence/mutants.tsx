import { isWeak, type Mutant, type Mutation } from '@devfactory/contracts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { blobQuery } from '../../api/queries.ts';
import { Output } from '../../components/ui/scroll.tsx';
import { counted } from '../../words/format.ts';

const most = 200_000;

/** Whether the check noticed small changes of the code that it judges. Each of them can be read. */
export function Mutants({ mutation, runId }: { readonly mutation: Mutation; readonly runId: string }) {
  const [open, setOpen] = useState(false);
  const { killed, survived, unusable, survivors } = mutation;
  const weak = isWeak(mutation);
  return (
    <div className="grid gap-1 text-small text-ink-2">
      <p>
        {mutation.outcome === 'not-applicable' ? (
          'Mutants: not applicable. '
        ) : (
          <>
            Mutants: <b className={`font-medium ${weak ? 'text-warn' : 'text-ink'}`}>{killed} noticed</b>, {survived}{' '}
            missed
            {unusable > 0 && `, ${unusable} told nothing`}.{' '}
          </>
        )}
        {/* Where it noticed one and nothing is odd, the numbers say it all. */}
        {(killed === 0 || weak) && mutation.reason}
      </p>
      {mutation.body !== null && killed + survived > 0 && (
        <div>
          <button
            type="button"
            aria-expanded={open}
            className="min-h-6 text-accent underline underline-offset-2"
            onClick={() => setOpen(!open)}
          >
            {open ? 'Hide the changes' : survived > 0 ? `${counted(survived, 'change')} it missed` : 'What it noticed'}
          </button>
          {open && <Changes runId={runId} body={mutation.body} survivors={survivors} />}
        </div>
      )}
    </div>
  );
}

const outcomes: Record<Mutant['outcome'], string> = { survived: 'missed', killed: 'noticed', unusable: 'told nothing' };

/** All of them come from a blob of their own; until it is here, and where it cannot be read, those of the event. */
function Changes({ runId, body, survivors }: { runId: string; body: string; survivors: readonly Mutant[] }) {
  const whole = useQuery(blobQuery(runId, body, most));
  const mutants = whole.data === undefined ? survivors : (mutantsIn(whole.data) ?? survivors);
  return (
    <ul className="mt-1 grid gap-1.5">
      {mutants.map((mutant) => (
        <li key={`${mutant.path}:${mutant.line}:${mutant.diff}`}>
          <span className={mutant.outcome === 'survived' ? 'font-medium text-warn' : 'font-medium text-ink'}>
            {outcomes[mutant.outcome]}
          </span>{' '}
          <span className="mono-tiny wrap-anywhere">
            {mutant.path}:{mutant.line}
          </span>{' '}
          {mutant.change.replaceAll('-', ' ')}
          <Output label={`Change of ${mutant.path}, line ${mutant.line}`} className="max-h-44">
            <Difference text={mutant.diff} />
          </Output>
        </li>
      ))}
    </ul>
  );
}

function Difference({ text }: { readonly text: string }) {
  return text.split('\n').map((line, index) => (
    // Lines of a text that never changes have no name but their number.
    <span key={index} className={line.startsWith('+') ? 'text-ok' : line.startsWith('-') ? 'text-bad' : undefined}>
      {line}
      {'\n'}
    </span>
  ));
}

function mutantsIn(text: string): readonly Mutant[] | null {
  try {
    return (JSON.parse(text) as { mutants: readonly Mutant[] }).mutants;
  } catch {
    return null;
  }
}
