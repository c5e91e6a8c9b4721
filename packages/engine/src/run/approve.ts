import { createHash, randomUUID } from 'node:crypto';
import { canonicalJson, type Check, type CheckSpec, type EventOf, type RunState } from '@devfactory/contracts';
import { requireTools } from '../projects/index.ts';
import type { Action } from './action.ts';
import { factory, type RunSession } from './session.ts';

/** The fact that locks a plan: from here on exactly these check digests are executed. */
export function planApproved(state: RunState): EventOf<'plan.approved'> {
  const ids = new Set(state.requirements.map((item) => item.id));
  const checks = state.checks
    .filter((check) => ids.has(check.requirementId))
    .map((check: Check) => ({ id: check.id, version: check.version, digest: check.spec }))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const lock = createHash('sha256').update(canonicalJson(checks)).digest('hex');
  return { type: 'plan.approved', data: { version: state.plan.proposed, lock, checks } };
}

/** Names the blob that holds a check as canonical JSON. */
export function specDigest(spec: CheckSpec): string {
  return createHash('sha256').update(canonicalJson(spec)).digest('hex');
}

/** With autonomy 'auto' the factory approves the plan on the spot. */
export async function lockPlan(session: RunSession): Promise<void> {
  const { deps, state } = session;
  await requireTools(deps, {
    checkpoint: state.head === null ? null : session.checkpoint(state.head),
    checks: state.checks,
  });
  await session.journal.append(factory, planApproved(session.state));
}

/** With autonomy 'auto' the factory approves a result that is proven, or that may be delivered unproven, and asks for its deliveries. */
export async function approveResult(session: RunSession, action: Action & { do: 'approve' }): Promise<void> {
  const { checkpointId, tree, notProven } = action;
  await session.journal.append(
    factory,
    { type: 'result.approved', data: { checkpointId, tree, notProven: [...notProven] } },
    ...session.request.destinations.map((destination) => ({
      type: 'export.requested' as const,
      data: { exportId: randomUUID(), destination },
    })),
  );
}
