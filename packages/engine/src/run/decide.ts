import { baseTree, headTree, notProven, requirementViews, type RunState } from '@devfactory/contracts';

/** What comes next in a run. */
export type Action =
  | { readonly do: 'rest' }
  | { readonly do: 'prepare' }
  | { readonly do: 'restore'; readonly checkpointId: string }
  | { readonly do: 'turn'; readonly purpose: 'plan' | 'work' | 'repair'; readonly why: string }
  | { readonly do: 'lock' }
  | { readonly do: 'wait'; readonly for: 'plan-approval' | 'answer' | 'review'; readonly sentence: string }
  | { readonly do: 'verify'; readonly checkpointId: string; readonly checkIds: readonly string[]; readonly onBase: boolean }
  | { readonly do: 'approve'; readonly checkpointId: string; readonly tree: string; readonly notProven: readonly string[] }
  | { readonly do: 'deliver'; readonly exportId: string }
  | { readonly do: 'finish'; readonly outcome: 'delivered' | 'not-delivered'; readonly sentence: string };

const rest: Action = { do: 'rest' };

/** The decision is a function of the folded state alone, so any worker decides the same. */
export function decide(state: RunState, bounds: { readonly repairs: number }): Action {
  if (state.paused || ['cancelled', 'failed', 'waiting'].includes(state.stage.name)) return rest;
  if (state.checkpoints.length === 0) return { do: 'prepare' };
  if (state.restoreRequested) return { do: 'restore', checkpointId: state.restoreRequested };
  return decideTurn(state) ?? decidePlan(state) ?? decideWork(state) ?? decideVerification(state, bounds) ?? decideDelivery(state);
}

/** A turn that is open goes on; one that asked waits for its answer. */
function decideTurn(state: RunState): Action | null {
  const turn = state.turns.at(-1);
  if (!turn) return null;
  if (turn.outcome === null) return { do: 'turn', purpose: turn.purpose, why: turn.why };
  if (turn.outcome !== 'asked') return null;
  const open = state.questions.find((question) => question.answer === null);
  if (open) return { do: 'wait', for: 'answer', sentence: `The agent asks: ${open.question}` };
  return { do: 'turn', purpose: turn.purpose, why: 'The question was answered.' };
}

function decidePlan(state: RunState): Action | null {
  const { plan } = state;
  if (plan.returned !== null) return { do: 'turn', purpose: 'plan', why: plan.returned };
  if (plan.proposed === 0) return { do: 'turn', purpose: 'plan', why: 'The run begins.' };
  if (plan.stale) return { do: 'turn', purpose: 'plan', why: 'Requirements changed and need checks.' };
  if (plan.approved === plan.proposed) return null;
  if (state.request.autonomy === 'auto') return { do: 'lock' };
  const count = state.requirements.length;
  return { do: 'wait', for: 'plan-approval', sentence: `Read the plan: ${count} ${count === 1 ? 'requirement' : 'requirements'} with ${state.checks.length} checks.` };
}

function decideWork(state: RunState): Action | null {
  const base = missingEvidence(state, 'base');
  if (base) return base;
  const worked = state.turns.some((turn) => turn.turn > state.plan.approvedAfterTurn && turn.purpose !== 'plan');
  if (!worked) return { do: 'turn', purpose: 'work', why: `Plan ${state.plan.approved} was approved.` };
  if (state.feedback.some((item) => item.deliveredAt === null && !item.withdrawn)) return { do: 'turn', purpose: 'work', why: 'A person gave feedback.' };
  return null;
}

function decideVerification(state: RunState, bounds: { readonly repairs: number }): Action | null {
  const missing = missingEvidence(state, 'head');
  if (missing) return missing;
  // What could not be told (no sandbox, no registry) is nothing an agent can repair.
  const failing = requirementViews(state).filter((view) => view.checks.some((check) => check.standing === 'failing' && check.latest?.verdict === 'failed'));
  const repairs = state.turns.length - state.turns.findLastIndex((turn) => turn.purpose !== 'repair') - 1;
  // After a restore the tree is what a person chose: nothing is repaired until they say so.
  const restored = state.head !== state.checkpoints.at(-1)?.id;
  if (failing.length === 0 || restored || repairs >= bounds.repairs || lastRepairChangedNothing(state)) return null;
  return { do: 'turn', purpose: 'repair', why: `Not proven: ${failing.map((view) => view.id).join(', ')}.` };
}

function decideDelivery(state: RunState): Action {
  const tree = headTree(state);
  const head = state.head;
  if (!tree || !head) return rest;
  if (!state.approval || state.approval.tree !== tree) return decideReview(state, { tree, head });
  const pending = state.exports.find((item) => item.state === 'requested' || item.state === 'started');
  if (pending) return { do: 'deliver', exportId: pending.id };
  if (['delivered', 'finished'].includes(state.stage.name)) return rest;
  const failed = state.exports.findLast((item) => item.state === 'failed');
  if (failed) return { do: 'finish', outcome: 'not-delivered', sentence: `Delivery failed: ${failed.reason ?? 'no reason given'}` };
  if (state.exports.some((item) => item.state === 'delivered')) return { do: 'finish', outcome: 'delivered', sentence: 'Delivered.' };
  return { do: 'finish', outcome: 'not-delivered', sentence: 'Approved. No destination was chosen.' };
}

function decideReview(state: RunState, at: { readonly tree: string; readonly head: string }): Action {
  const open = notProven(state, at.tree);
  const proven = state.requirements.length - open.length;
  const complete = open.length === 0 && state.requirements.length > 0;
  if (state.request.autonomy === 'auto' && (complete || state.request.deliverUnproven)) {
    return { do: 'approve', checkpointId: at.head, tree: at.tree, notProven: open };
  }
  const sentence = complete
    ? `All ${proven} requirements are proven. Review the result.`
    : `${proven} of ${state.requirements.length} requirements are proven; not proven: ${open.join(', ') || 'there are none'}.`;
  return { do: 'wait', for: 'review', sentence };
}

/** Which locked checks have no evidence of their present version and wording on the base's or the head's tree. */
function missingEvidence(state: RunState, where: 'base' | 'head'): Action | null {
  const onBase = where === 'base';
  const tree = onBase ? baseTree(state) : headTree(state);
  const checkpoint = onBase ? state.checkpoints.find((item) => item.reason === 'base')?.id : state.head;
  if (!tree || !checkpoint) return null;
  const wordings = new Map(state.requirements.map((item) => [item.id, item.version]));
  const checkIds = state.plan.locked
    .filter(
      (check) =>
        !state.evidence.some(
          (item) =>
            item.checkId === check.id &&
            item.onBase === onBase &&
            item.tree === tree &&
            item.checkDigest === check.spec &&
            item.checkVersion === check.version &&
            item.requirementVersion === wordings.get(check.requirementId),
        ),
    )
    .map((check) => check.id);
  return checkIds.length > 0 ? { do: 'verify', checkpointId: checkpoint, checkIds, onBase } : null;
}

function lastRepairChangedNothing(state: RunState): boolean {
  const turn = state.turns.at(-1);
  return turn?.purpose === 'repair' && state.steps.every((step) => step.turn !== turn.turn || step.checkpointId === null);
}
