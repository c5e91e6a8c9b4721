import { isWeak, type Mutation } from '@devfactory/contracts';
import { useState } from 'react';
import { Output } from '../../components/ui/scroll.tsx';
import { counted } from '../../words/format.ts';

/** Whether the check noticed small changes of the code that it judges. The ones it missed can be read. */
export function Mutants({ mutation }: { readonly mutation: Mutation }) {
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
        {mutation.reason}
      </p>
      {survivors.length > 0 && (
        <div>
          <button
            type="button"
            aria-expanded={open}
            className="min-h-6 text-accent underline underline-offset-2"
            onClick={() => setOpen(!open)}
          >
            {open ? 'Hide what it missed' : `${counted(survivors.length, 'change')} it missed`}
          </button>
          {open && (
            <ul className="mt-1 grid gap-1.5">
              {survivors.map((mutant) => (
                <li key={`${mutant.path}:${mutant.line}:${mutant.diff}`}>
                  <span className="mono-tiny wrap-anywhere">
                    {mutant.path}:{mutant.line}
                  </span>{' '}
                  {mutant.change.replaceAll('-', ' ')}
                  <Output label={`Change of ${mutant.path}, line ${mutant.line}`} className="max-h-44">
                    {mutant.diff}
                  </Output>
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
    </div>
  );
}
