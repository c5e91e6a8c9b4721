import {
  baseTree,
  canonicalJson,
  countedChecks,
  headTree,
  notProven,
  provenWords,
  requirementViews,
  type Evidence,
  type RequirementView,
  type RunState,
} from '@devfactory/contracts';
import { cutText } from '../text/cut-text.ts';
import { type Action, sentenceCharacters, wait } from './action.ts';
import { decideHoldOut, decidePlan } from './decide-plan.ts';

export interface Bounds {
  /** Repair turns in a row before a person is asked. */
  readonly repairs: number;
  /** What the mutants of one requirement may take, in milliseconds; 0 or none asks no mutants. */
  readonly mutationMs?: number;
}

const rest: Action = { do: 'rest' };

/** The decision is a function of the folded state alone, so any worker decides the same. */
export function decide(state: RunState, bounds: Bounds): Action {
  if (state.stage.name === 'cancelled' || state.archived !== null) return rest;
  // What a person wants back they get, also while nothing else goes on.
  if (state.paused) return pendingRestore(state) ?? pendingKeep(state) ?? rest;
  if (state.stage.name === 'failed') return pendingRestore(state) ?? rest;
  const action = nextAction(state, bounds);
  return stillWaits(state, action) ? rest : action;
}

/** A wait lasts as long as it is what would be begun anew: a person's word that crossed its beginning is not lost. */
function stillWaits({ stage, plan }: RunState, action: Action): boolean {
  if (stage.name !== 'waiting') return false;
  // While a person edits a plan they say themselves when it goes back to the agent.
  if (stage.for === 'plan-approval' && action.do === 'turn' && action.purpose === 'plan')
    return plan.stale && plan.returned === null;
  return action.do === 'wait' && action.for === stage.for && action.sentence === stage.sentence;
}

function nextAction(state: RunState, bounds: Bounds): Action {
  if (state.checkpoints.length === 0) return { do: 'prepare' };
  return (
    pendingRestore(state) ??
    pendingKeep(state) ??
    decideSurvey(state) ??
    decideTurn(state) ??
    pendingBase(state) ??
    decidePlan(state) ??
    decideHoldOut(state) ??
    decideWork(state) ??
    decideVerification(state, bounds) ??
    decideMutation(state, bounds) ??
    decideDelivery(state)
  );
}

/** Before the first turn: what a run began with is known before anything is planned. */
function decideSurvey({ request, survey, turns }: RunState): Action | null {
  return request.source.kind !== 'empty' && survey === null && turns.length === 0 ? { do: 'survey' } : null;
}

function pendingRestore({ checkpoints, restoreRequested, restorePaths }: RunState): Action | null {
  return restoreRequested !== null && checkpoints.length > 0
    ? { do: 'restore', checkpointId: restoreRequested, paths: restorePaths }
    : null;
}

/** What is looked at, verified and approved has what people changed. */
function pendingKeep({ edits, checkpoints }: RunState): Action | null {
  const unkept = edits.filter((edit) => !edit.kept).map((edit) => edit.seq);
  return unkept.length > 0 && checkpoints.length > 0 ? { do: 'keep', upTo: Math.max(...unkept) } : null;
}

/** Before more work is done on files that cannot be merged as they are. */
function pendingBase({ bases, head }: RunState): Action | null {
  const pending = bases.find((item) => item.state === 'advanced');
  return pending && head !== null ? { do: 'take-base', exportId: pending.exportId } : null;
}

/** A turn that is open goes on; one that asked waits for its answer. */
function decideTurn(state: RunState): Action | null {
  const turn = state.turns.at(-1);
  if (!turn) return null;
  if (turn.outcome === null) return { do: 'turn', purpose: turn.purpose, why: turn.why };
  if (turn.outcome !== 'asked') return null;
  const open = state.questions.find((question) => question.answer === null);
  if (open) return wait('answer', `The agent asks: ${open.question}`);
  return { do: 'turn', purpose: turn.purpose, why: 'The question was answered.' };
}

function decideWork(state: RunState): Action | null {
  const base = missingEvidence(state, 'base');
  if (base) return base;
  const worked = state.turns.some((turn) => turn.turn > state.plan.approvedAfterTurn && turn.purpose !== 'plan');
  if (!worked) return { do: 'turn', purpose: 'work', why: `Plan ${state.plan.approved} was approved.` };
  const waiting = state.feedback.filter((item) => item.deliveredAt === null && !item.withdrawn);
  if (waiting.length > 0) {
    const outside = waiting.every(({ from }) => from !== null);
    const why = outside ? 'Something was said about the delivery where it is.' : 'A person gave feedback.';
    return { do: 'turn', purpose: 'work', why };
  }
  return null;
}

function decideVerification(state: RunState, bounds: Bounds): Action | null {
  const missing = missingEvidence(state, 'head');
  if (missing) return missing;
  // What could not be told (no sandbox, no registry) is nothing an agent can repair.
  const failing = requirementViews(state).filter((view) =>
    view.checks.some((check) => check.standing === 'failing' && check.latest?.verdict === 'failed'),
  );
  const repairs = state.turns.length - state.turns.findLastIndex((turn) => turn.purpose !== 'repair') - 1;
  // After a restore the tree is what a person chose: nothing is repaired until they say so.
  const restored = state.lastRestore?.after === state.head;
  if (failing.length === 0 || restored || repairs >= bounds.repairs || lastRepairChangedNothing(state)) return null;
  return { do: 'turn', purpose: 'repair', why: repairWords(failing) };
}

/** Of a held-out check the agent learns which requirement it failed, and nothing else. */
function repairWords(failing: readonly RequirementView[]): string {
  const unseen = failing.filter(({ checks }) =>
    checks.some(({ heldOut, standing, latest }) => heldOut && standing === 'failing' && latest?.verdict === 'failed'),
  );
  const ids = (views: readonly RequirementView[]): string => views.map(({ id }) => id).join(', ');
  const words = unseen.length === 0 ? '' : ` A held-out check of ${ids(unseen)} failed; what it asks is not shown.`;
  return `Not proven: ${ids(failing)}.${words}`;
}

/** A review candidate's checks have to show that they can tell good from bad, each once for a tree. */
function decideMutation(state: RunState, { mutationMs = 0 }: Bounds): Action | null {
  const tree = headTree(state);
  if (mutationMs <= 0 || state.head === null || tree === null || state.approval?.tree === tree) return null;
  const changes = new Set(
    countedChecks(state)
      .filter(({ intent }) => intent === 'change')
      .map(({ id }) => id),
  );
  const checkIds = requirementViews(state)
    .flatMap((view) => view.checks)
    .filter((check) => check.standing === 'proven' && check.mutation === null && changes.has(check.id))
    .map((check) => check.id);
  return checkIds.length > 0 ? { do: 'mutate', checkpointId: state.head, checkIds } : null;
}

function decideDelivery(state: RunState): Action {
  const tree = headTree(state);
  const head = state.head;
  if (!tree || !head) return rest;
  if (!state.approval || state.approval.tree !== tree) return decideReview(state, { tree, head });
  const pending = state.exports.find((item) => item.state === 'requested' || item.state === 'started');
  if (pending) return { do: 'deliver', exportId: pending.id };
  if (['delivered', 'finished'].includes(state.stage.name)) return rest;
  const arrived = state.exports.find((item) => item.arrival === 'awaited' && item.tree === tree);
  if (arrived) return { do: 'check-delivery', exportId: arrived.id };
  // The last word of each destination about this tree: a delivery that was tried again and went well is no failure.
  const latest = new Map(
    state.exports.filter((item) => item.tree === tree).map((item) => [canonicalJson(item.destination), item]),
  );
  const failed = [...latest.values()].findLast((item) => item.state === 'failed');
  if (failed)
    return {
      do: 'finish',
      outcome: 'not-delivered',
      sentence: cutText(`Delivery failed: ${failed.reason ?? 'no reason given'}`, sentenceCharacters),
    };
  const broken = [...latest.values()]
    .flatMap(({ arrival }) => (arrival === null || arrival === 'awaited' ? [] : [arrival]))
    .find(({ verdict }) => verdict === 'failed');
  if (broken) return { do: 'finish', outcome: 'not-delivered', sentence: cutText(broken.sentence, sentenceCharacters) };
  if (latest.size > 0) return { do: 'finish', outcome: 'delivered', sentence: 'Delivered.' };
  return { do: 'finish', outcome: 'not-delivered', sentence: 'Approved. No destination was chosen.' };
}

function decideReview(state: RunState, at: { readonly tree: string; readonly head: string }): Action {
  const open = notProven(state, at.tree);
  const proven = state.requirements.length - open.length;
  // That nothing broke is no work: something must have been asked for.
  const complete = open.length === 0 && state.requirements.some(({ origin }) => origin !== 'source');
  // Whether the work broke what was there is then for a person to judge.
  const hindered = state.survey?.hindered === true;
  if (state.request.autonomy === 'auto' && ((complete && !hindered) || state.request.deliverUnproven)) {
    return { do: 'approve', checkpointId: at.head, tree: at.tree, notProven: open };
  }
  const words = provenWords(proven, state.requirements.length);
  const sentence = complete
    ? `${words}.${hindered ? ' Whether the project’s own tests still hold is not known: they could not be run before the work.' : ''} Review the result.`
    : `${words}; not proven: ${open.join(', ') || 'there are none'}.`;
  return wait('review', sentence);
}

/** Which locked checks have no evidence of their present version and wording on the base's or the head's tree. */
function missingEvidence(state: RunState, where: 'base' | 'head'): Action | null {
  const onBase = where === 'base';
  const tree = onBase ? baseTree(state) : headTree(state);
  const checkpoint = onBase ? state.checkpoints.find((item) => item.reason === 'base')?.id : state.head;
  if (!tree || !checkpoint) return null;
  const wordings = new Map(state.requirements.map((item) => [item.id, item.version]));
  const checkIds = countedChecks(state)
    .filter(
      (check) =>
        !state.evidence.some(
          (item) =>
            item.checkId === check.id &&
            !askedAgain(state, item) &&
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

/** What could not be told (no sandbox, no registry) is asked again once there was another turn: the surroundings may be mended by then. */
function askedAgain(state: RunState, item: Evidence): boolean {
  const verification = state.verifications.find((record) => record.id === item.verificationId);
  return item.verdict === 'inconclusive' && verification !== undefined && verification.afterTurn < state.turns.length;
}

function lastRepairChangedNothing(state: RunState): boolean {
  const turn = state.turns.at(-1);
  return (
    turn?.purpose === 'repair' && state.steps.every((step) => step.turn !== turn.turn || step.checkpointId === null)
  );
}
