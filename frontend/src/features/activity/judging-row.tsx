import { counted, countedChecks, isWeak, type RunState } from '@devfactory/contracts';
import type { ReactNode } from 'react';
import { Mark } from '../../components/ui/mark.tsx';
import { Pill } from '../../components/ui/pill.tsx';
import { useRunPlace } from '../../place/run-place.ts';
import { RowFrame } from './row-frame.tsx';
import type { TimelineRow } from './timeline.ts';

interface Props {
  readonly row: TimelineRow & { readonly kind: 'judging' };
  readonly state: RunState;
  readonly note: ReactNode;
  readonly last: boolean;
}

/** What small changes of the code told about the checks: which noticed one, and which cannot tell good from bad. */
export function JudgingRow({ row, state, note, last }: Props) {
  const { go } = useRunPlace();
  const ids = new Set(row.ids);
  const mutations = state.mutations.filter(({ id }) => ids.has(id));
  const noticed = mutations.filter((item) => item.killed > 0 && !isWeak(item)).length;
  const blind = mutations.filter(isWeak);
  const complete = mutations.length >= row.checks;
  const running = !complete && !row.over;
  const titles = new Map([...state.checks, ...countedChecks(state)].map((check) => [check.id, check.title]));
  const told = complete && noticed > 0;
  const tone = running ? 'run' : blind.length > 0 ? 'warn' : told ? 'ok' : 'none';
  const shape = running ? 'turning' : blind.length > 0 ? 'corner' : told ? 'disc' : 'ring';
  return (
    <RowFrame
      mark={<Mark shape={shape} tone={tone} />}
      note={note}
      last={last}
      title={
        <>
          <b className="font-semibold">
            {running ? 'Judging' : 'Judged'} {counted(row.checks, 'check')} by small changes of the code
          </b>
          <Pill tone={tone}>
            {running
              ? `${mutations.length} of ${row.checks}`
              : `${complete ? '' : `broken off after ${mutations.length}; `}${noticed} of ${row.checks} noticed one`}
          </Pill>
        </>
      }
    >
      {blind.length > 0 && (
        <ul className="mt-1 grid gap-1.5">
          {blind.map((item) => (
            <li key={item.id}>
              <button
                type="button"
                className="min-h-6 text-left hover:underline"
                onClick={() => go({ view: 'evidence', req: item.requirementId, pane: 'work' })}
              >
                <span className="mono-tiny text-ink-3">{item.requirementId}</span>{' '}
                {titles.get(item.checkId) ?? item.checkId} <span className="font-medium text-warn">weak</span>
              </button>
              <p className="text-ink-2">{item.reason}</p>
            </li>
          ))}
        </ul>
      )}
    </RowFrame>
  );
}
