import type { RunState } from '@devfactory/contracts';
import { Clipped } from '../../components/ui/clipped.tsx';
import { Mark } from '../../components/ui/mark.tsx';
import { counted, shortDigest } from '../../words/format.ts';

/** The plan stays in sight, also after the end. It has no ticks of its own: what is done, requirements say. */
export function PlanNote({ state }: { readonly state: RunState }) {
  const { plan } = state;
  const approved = plan.proposed > 0 && plan.approved === plan.proposed;
  return (
    <section
      aria-labelledby="plan-heading"
      className="max-h-[34%] shrink-0 overflow-auto border-t border-line px-3.5 py-2.5"
    >
      <div className="flex items-baseline gap-2">
        <h2 id="plan-heading" className="font-semibold">
          Plan
        </h2>
        <span className="ml-auto text-small text-ink-3">
          {plan.proposed === 0
            ? 'not proposed yet'
            : approved
              ? `version ${plan.approved}, approved`
              : `version ${plan.proposed}, waits for you`}
        </span>
      </div>
      {plan.summary && <Clipped text={plan.summary} limit={220} className="mt-1 text-ink-2" />}
      {plan.lock && (
        <p
          className="mt-1.5 flex items-center gap-2 text-small text-ink-2"
          title={`SHA-256 over the locked checks: ${plan.lock}`}
        >
          <Mark shape="disc" tone="none" size={14} />
          {counted(plan.locked.length, 'check')} locked{' '}
          <span className="mono-tiny text-ink-3">{shortDigest(plan.lock)}</span>
        </p>
      )}
    </section>
  );
}
