import { isTrusted, type RunState } from '@devfactory/contracts';
import { lazy, Suspense, useState } from 'react';
import { Button } from '../../components/ui/button.tsx';
import { counted } from '../../words/format.ts';

const Dialog = lazy(async () => ({ default: (await import('./guidance-dialog.tsx')).GuidanceDialog }));

/** What steers the agent beside its task, in one line; nothing where there is nothing. */
export function GuidanceLine({ state }: { readonly state: RunState }) {
  const [open, setOpen] = useState(false);
  const { declared, found } = state.guidance;
  if (declared.length + found.length === 0) return null;
  const trusted = found.filter((item) => isTrusted(state.guidance, item));
  const waiting = found.length - trusted.length;
  const words = [
    ...(declared.length > 0 ? [`${counted(declared.length, 'instruction')} of yours`] : []),
    ...(trusted.length > 0 ? [`${trusted.map(({ path }) => path).join(', ')} trusted`] : []),
    ...(waiting > 0
      ? [
          `the files bring ${counted(waiting, 'piece')} of guidance that nobody trusts, so the agent is not told to follow ${waiting === 1 ? 'it' : 'them'}`,
        ]
      : []),
  ];
  return (
    <section
      aria-label="Guidance"
      className={`flex shrink-0 items-center gap-3 border-b border-line px-3.5 py-1.5 text-small ${waiting > 0 ? 'bg-warn-wash' : ''}`}
    >
      <p className="min-w-0 flex-1 wrap-anywhere text-ink-2">
        <b className="font-medium text-ink">Guidance</b> {words.join('; ')}.
      </p>
      <Button look="quiet" onClick={() => setOpen(true)}>
        Read it
      </Button>
      {open && (
        <Suspense>
          <Dialog state={state} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </section>
  );
}
