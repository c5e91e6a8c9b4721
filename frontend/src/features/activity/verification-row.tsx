import { counted, countedChecks, type RunState, type VerificationRecord } from '@devfactory/contracts';
import type { ReactNode } from 'react';
import { Mark } from '../../components/ui/mark.tsx';
import { Pill } from '../../components/ui/pill.tsx';
import { Output } from '../../components/ui/scroll.tsx';
import { useRunPlace } from '../../place/run-place.ts';
import { RowFrame } from './row-frame.tsx';

interface Props {
  readonly verification: VerificationRecord;
  readonly state: RunState;
  readonly note: ReactNode;
  readonly last: boolean;
}

/** What the clean verifier found on one tree. On the code before the work, a check is expected to fail. */
export function VerificationRow({ verification, state, note, last }: Props) {
  const { go } = useRunPlace();
  const evidence = state.evidence.filter((item) => item.verificationId === verification.id);
  const passed = evidence.filter((item) => item.verdict === 'passed').length;
  const failing = verification.onBase ? [] : evidence.filter((item) => item.verdict !== 'passed');
  const running = verification.outcome === 'running';
  const bad = failing.length > 0 || verification.outcome === 'interrupted';
  const titles = new Map([...state.checks, ...countedChecks(state)].map((check) => [check.id, check.title]));
  const shape = running ? 'turning' : bad ? 'square' : 'disc';
  const tone = running ? 'run' : bad ? 'bad' : verification.onBase ? 'none' : 'ok';
  return (
    <RowFrame
      mark={<Mark shape={shape} tone={tone} />}
      note={note}
      last={last}
      title={
        <>
          <b className="font-semibold">
            {verification.onBase
              ? 'Asked the checks about the code before the work'
              : `${running ? 'Verifying' : 'Verified'} ${verification.checkpointId}`}
          </b>
          <Pill tone={verification.onBase ? 'none' : tone}>
            {running
              ? `${evidence.length} of ${counted(verification.checks, 'check')}`
              : verification.onBase
                ? `${evidence.length - passed} of ${verification.checks} tell the difference`
                : `${passed} of ${verification.checks} passed`}
          </Pill>
        </>
      }
    >
      {verification.note && <p className="mt-0.5 text-ink-2">{verification.note}</p>}
      {failing.length > 0 && (
        <ul className="mt-1 grid gap-1.5">
          {failing.map((item) => (
            <li key={item.id}>
              <button
                type="button"
                className="min-h-6 text-left hover:underline"
                onClick={() => go({ view: 'evidence', req: item.requirementId, pane: 'work' })}
              >
                <span className="mono-tiny text-ink-3">{item.requirementId}</span>{' '}
                {titles.get(item.checkId) ?? item.checkId}{' '}
                <span className="font-medium text-bad">
                  {item.verdict}
                  {item.cause ? `, ${item.cause}` : ''}
                </span>
              </button>
              {item.excerpt && (
                <Output bad label={`What ${item.checkId} said`} className="max-h-44">
                  {item.excerpt}
                </Output>
              )}
            </li>
          ))}
        </ul>
      )}
    </RowFrame>
  );
}
