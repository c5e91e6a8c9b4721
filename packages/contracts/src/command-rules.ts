import type { RunCommand } from './api.ts';
import { fitsReview } from './comment.ts';
import { isTrusted } from './guidance-state.ts';
import type { TrustMark } from './guidance.ts';
import { limits } from './limits.ts';
import type { RunState } from './state.ts';
import type { Removal } from './storage.ts';
import { headTree } from './view.ts';

/** Why a command cannot be taken now, with a stable code; null when it can. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}

const over = ['cancelled'];
/** An archived run names them all in one event. */
const mostPins = 1000;
/** One event names them all. */
const mostComments = 50;
const aboutCheckpoints = ['name-checkpoint', 'pin-checkpoint', 'unpin-checkpoint'];

/** Comments in the tray. */
export function waitingComments(state: Pick<RunState, 'comments'>): RunState['comments'] {
  return state.comments.filter((item) => item.feedbackId === null);
}

/** Whether a person may say this to the run as it stands. Pure, so that the console greys out what the server would refuse. */
export function refuseCommand(state: RunState, command: RunCommand): Refusal | null {
  if (state.archived !== null)
    return no(
      'run_archived',
      `Run ${state.id} is archived and takes no more words; start a new run from a checkpoint that it kept.`,
    );
  // Words about checkpoints change no files: they are taken after the end as well.
  if (over.includes(state.stage.name) && !aboutCheckpoints.includes(command.do))
    return no('run_cancelled', `Run ${state.id} was cancelled; start a new run from one of its checkpoints.`);
  switch (command.do) {
    case 'approve-plan':
    case 'return-plan':
      if (state.plan.proposed === 0)
        return no('no_plan', `Run ${state.id} has no plan yet; wait until it is proposed.`);
      if (command.version !== state.plan.proposed)
        return no(
          'plan_changed',
          `The plan is at version ${state.plan.proposed}, not ${command.version}; read it again.`,
        );
      if (command.do === 'approve-plan' && state.plan.stale)
        return no(
          'plan_stale',
          `Requirements changed since plan ${command.version}; send it back so that it gets checks for them.`,
        );
      return command.do === 'approve-plan' && state.plan.approved === state.plan.proposed
        ? no('plan_approved', `Plan ${command.version} is approved already.`)
        : null;
    case 'reword-requirement':
    case 'remove-requirement':
    case 'waive-requirement':
      return knownRequirement(state, command.id);
    case 'accept-requirement':
      return knownRequirement(state, command.id) ?? currentTree(state, command.tree);
    case 'hold-out-check':
      return knownRequirement(state, command.requirementId) ?? roomForHeldOut(state, command);
    case 'drop-held-out-check':
      return state.heldOut.some(({ check }) => check.id === command.id)
        ? null
        : no('unknown_held_out_check', `Run ${state.id} has no held-out check ${command.id}.`);
    case 'answer': {
      const question = state.questions.find((item) => item.id === command.questionId);
      if (!question) return no('unknown_question', `Run ${state.id} has no question ${command.questionId}.`);
      return question.answer === null ? null : no('answered', `Question ${command.questionId} is answered already.`);
    }
    case 'comment':
      if (waitingComments(state).length >= mostComments)
        return no('too_many_comments', `${mostComments} comments wait in run ${state.id}; send them first.`);
      return knownCheckpoint(state, command.comment.checkpointId);
    case 'withdraw-comment':
      return waitingComments(state).some((item) => item.id === command.commentId)
        ? null
        : no('unknown_comment', `No comment ${command.commentId} waits in run ${state.id}.`);
    case 'send-review': {
      const waiting = waitingComments(state);
      if (waiting.length === 0) return no('no_comments', `No comment waits in run ${state.id}.`);
      return fitsReview(waiting, command.text)
        ? null
        : no('review_too_long', 'These comments are too long for one message; withdraw some, or make them shorter.');
    }
    case 'address-comment':
      return state.comments.some((item) => item.id === command.commentId && item.feedbackId !== null)
        ? null
        : no('unknown_comment', `No comment ${command.commentId} of run ${state.id} was sent.`);
    case 'edit-feedback':
    case 'withdraw-feedback': {
      const item = state.feedback.find((feedback) => feedback.id === command.feedbackId);
      if (!item || item.withdrawn)
        return no('unknown_feedback', `Run ${state.id} has no queued feedback ${command.feedbackId}.`);
      return item.deliveredAt === null
        ? null
        : no('delivered', `Feedback ${command.feedbackId} was delivered at step ${item.deliveredAt}.`);
    }
    case 'trust-guidance':
      return trustable(state, command);
    case 'distrust-guidance':
      return isTrusted(state.guidance, command)
        ? null
        : no('not_trusted', `Run ${state.id} does not trust ${command.path} as it was named.`);
    case 'waive-secrets':
      return currentTree(state, command.tree);
    case 'take-base':
      return refuseBase(state, command.exportId);
    case 'pause':
      if (state.paused) return no('paused', `Run ${state.id} is paused already.`);
      return ['delivered', 'finished'].includes(state.stage.name)
        ? no('not_running', `Run ${state.id} is ${state.stage.name}; there is nothing to pause.`)
        : null;
    case 'resume':
      return state.paused || state.stage.name === 'failed' ? null : no('not_paused', `Run ${state.id} is not paused.`);
    case 'restore':
    case 'name-checkpoint':
      return knownCheckpoint(state, command.checkpointId);
    case 'pin-checkpoint':
      if (state.pinned.length >= mostPins && !state.pinned.includes(command.checkpointId))
        return no('too_many_pins', `Run ${state.id} has ${mostPins} pinned checkpoints; unpin one first.`);
      return (
        knownCheckpoint(state, command.checkpointId) ??
        (state.pinned.includes(command.checkpointId)
          ? no('pinned', `Checkpoint ${command.checkpointId} is pinned already.`)
          : null)
      );
    case 'unpin-checkpoint':
      return state.pinned.includes(command.checkpointId)
        ? null
        : no('not_pinned', `Checkpoint ${command.checkpointId} of run ${state.id} is not pinned.`);
    case 'undo-restore':
      return undoable(state);
    case 'approve-result':
      if (state.stage.name !== 'waiting' || state.stage.for !== 'review')
        return no('not_in_review', `Run ${state.id} is not waiting for a review; it is ${state.stage.name}.`);
      return currentTree(state, command.tree);
    case 'export':
      return state.approval
        ? null
        : no('not_approved', `Nothing is approved in run ${state.id}; approve the result first.`);
    case 'add-requirement': {
      const full = state.requirements.length >= limits.requirements || state.highestRequirement >= 9999;
      return full
        ? no(
            'too_many_requirements',
            `Run ${state.id} has ${state.requirements.length} requirements; more than ${limits.requirements} cannot be tracked in one run.`,
          )
        : null;
    }
    case 'choose-model':
    case 'set-budget':
    case 'cancel':
      return null;
    case 'feedback': {
      const unknown = command.screenshots?.find((digest) => !state.screenshots.some((shot) => shot.digest === digest));
      return unknown === undefined
        ? null
        : no('unknown_screenshot', `Run ${state.id} has no screenshot ${unknown}; take it anew.`);
    }
  }
}

/**
 * Whether a run may be archived or deleted as it stands: nothing of it may be under way. A run that waits for a person may be, and so
 * may one that is paused.
 */
export function refuseRemoval(state: RunState, removal: Removal): Refusal | null {
  if (removal === 'archive' && state.archived !== null)
    return no('run_archived', `Run ${state.id} is archived already.`);
  const rests = state.paused || ['waiting', 'delivered', 'finished', 'failed', 'cancelled'].includes(state.stage.name);
  if (!rests)
    return no('run_running', `Run ${state.id} is ${state.stage.name}; pause or cancel it first, then ${removal} it.`);
  return state.restoreRequested === null || state.stage.name === 'cancelled'
    ? null
    : no('run_running', `Run ${state.id} is restoring ${state.restoreRequested}; try again when that is done.`);
}

function trustable({ id, guidance }: RunState, mark: TrustMark): Refusal | null {
  const item = guidance.found.find(({ path }) => path === mark.path);
  if (!item) return no('unknown_guidance', `The files of run ${id} bring no ${mark.path} that an agent could follow.`);
  if (item.hash !== mark.hash)
    return no('guidance_changed', `${mark.path} is another one by now (${item.hash.slice(0, 12)}); read it again.`);
  if (item.trouble !== '') return no('guidance_unusable', `${mark.path} cannot be followed: ${item.trouble}`);
  return isTrusted(guidance, mark) ? no('trusted', `${mark.path} is trusted already.`) : null;
}

function refuseBase({ id, exports, bases }: RunState, exportId: string): Refusal | null {
  const record = exports.find((item) => item.id === exportId);
  if (record?.state !== 'delivered' || record.destination.kind !== 'github')
    return no('no_base', `Run ${id} has made no such delivery for a branch.`);
  if (record.settled !== null) return no('no_base', `That pull request was ${record.settled} already.`);
  return bases.some((item) => item.state === 'advanced')
    ? no('base_pending', `Run ${id} takes the base in already.`)
    : null;
}

function knownCheckpoint(state: RunState, id: string): Refusal | null {
  return state.checkpoints.some((item) => item.id === id)
    ? null
    : no('unknown_checkpoint', `Run ${state.id} has no checkpoint ${id}.`);
}

/** Only the last restore, and only while its files are still the head: a restore by name takes no one by surprise. */
function undoable({ id, restoreRequested, lastRestore, head }: RunState): Refusal | null {
  if (restoreRequested !== null)
    return no('restore_pending', `Run ${id} is still restoring ${restoreRequested}; undo it once that is done.`);
  if (lastRestore === null) return no('nothing_to_undo', `Nothing was restored in run ${id} yet.`);
  return lastRestore.after === head
    ? null
    : no(
        'run_moved_on',
        `Run ${id} went on since ${lastRestore.checkpointId} was restored; restore ${lastRestore.before} to get back what was there before it.`,
      );
}

function knownRequirement(state: RunState, id: string): Refusal | null {
  return state.requirements.some((item) => item.id === id)
    ? null
    : no('unknown_requirement', `Run ${state.id} has no requirement ${id}.`);
}

function roomForHeldOut(
  state: RunState,
  { requirementId, check }: Extract<RunCommand, { do: 'hold-out-check' }>,
): Refusal | null {
  const own = state.heldOut.filter((item) => item.check.requirementId === requirementId).length;
  if (own >= limits.checksPerRequirement || state.heldOut.length >= limits.checks || state.highestHeldOut >= 99_999)
    return no(
      'too_many_checks',
      `Requirement ${requirementId} has ${own} held-out checks, the run ${state.heldOut.length}; at most ${limits.checksPerRequirement} and ${limits.checks} can be kept. Drop one first.`,
    );
  return check.intent === 'keep' && state.request.source.kind === 'empty'
    ? no(
        'nothing_to_keep',
        `Run ${state.id} began with no files, so there is nothing for "${check.title}" to keep; give it the intent change.`,
      )
    : null;
}

function currentTree(state: RunState, tree: string): Refusal | null {
  return headTree(state) === tree
    ? null
    : no(
        'approval_stale',
        `The source tree is ${headTree(state) ?? 'not there yet'}, not ${tree}; look at the newest result and approve that.`,
      );
}

function no(code: string, message: string): Refusal {
  return { code, message };
}
