import { counted, type RunState } from '@devfactory/contracts';
import { type Action, wait } from './action.ts';

/** Plans that working turns may bring in a row, with autonomy 'auto', before a person is asked. */
const mostUnasked = 3;

/** A plan is proposed, mended and approved before anything else is done. */
export function decidePlan(state: RunState): Action | null {
  const { plan } = state;
  if (plan.returned !== null) return { do: 'turn', purpose: 'plan', why: plan.returned };
  if (plan.proposed === 0) return { do: 'turn', purpose: 'plan', why: 'The run begins.' };
  if (plan.stale) return { do: 'turn', purpose: 'plan', why: 'Requirements changed and need checks.' };
  if (plan.approved === plan.proposed) return null;
  const [touched, kept] = [touchedLocks(state), merelyKept(state)];
  // An agent that keeps changing its plan while it works would work for ever.
  if (state.request.autonomy === 'auto' && plan.unasked <= mostUnasked && touched.length + kept.length === 0)
    return { do: 'lock' };
  const warnings = [
    touched.length > 0 ? `The agent changed approved checks of ${touched.join(', ')}. ` : '',
    kept.length > 0 ? `What is asked of ${kept.join(', ')} has to hold before the work already. ` : '',
  ];
  return wait(
    'plan-approval',
    `${warnings.join('')}Read the plan: ${counted(state.requirements.length, 'requirement')} with ${counted(state.checks.length, 'check')}.`,
  );
}

/** Once for each wording of what a person or an agent wished. */
export function decideHoldOut({ request, requirements, heldOutAsked }: RunState): Action | null {
  if (request.checksModel === undefined) return null;
  const requirementIds = requirements
    .filter(({ id, version, origin }) => origin !== 'source' && heldOutAsked[id] !== version)
    .map(({ id }) => id);
  return requirementIds.length > 0 ? { do: 'hold-out', model: request.checksModel, requirementIds } : null;
}

/** Requirements whose approved checks the plan changes although their wording stayed: what an agent failed may not get easier unseen. */
function touchedLocks({ plan, checks, requirements }: RunState): string[] {
  const changed = plan.locked.filter((old) => {
    const wording = requirements.find((item) => item.id === old.requirementId)?.version;
    return (
      wording === plan.wordings[old.requirementId] &&
      !checks.some((check) => check.id === old.id && check.version === old.version && check.spec === old.spec)
    );
  });
  return [...new Set(changed.map((check) => check.requirementId))];
}

/** Requirements with checks that all pass without any work: that nothing else is meant is for a person to say, never for an agent. */
function merelyKept({ requirements, checks }: RunState): string[] {
  return requirements
    .filter(({ origin }) => origin !== 'source')
    .map(({ id }) => id)
    .filter((id) => {
      const own = checks.filter((check) => check.requirementId === id);
      return own.length > 0 && own.every((check) => check.intent === 'keep');
    });
}
