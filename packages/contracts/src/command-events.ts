import type { RunCommand } from './api.ts';
import type { CheckSpec } from './check.ts';
import { waitingComments } from './command-rules.ts';
import { reviewMessage } from './comment.ts';
import type { Destination } from './destination.ts';
import type { Actor, EventOf, Fact, NewEvent } from './event.ts';
import type { PageScreenshot } from './screenshot.ts';
import type { RunState } from './state.ts';
import { notProven } from './view.ts';

const zip: Destination = { kind: 'zip' };

/** Who speaks, and what an approval of the plan locks: that is the engine's word, and hashing needs more than this package has. */
export interface Speaker {
  readonly actor: Actor;
  readonly planApproved: (state: RunState) => EventOf<'plan.approved'>;
  /** Names the blob that holds the check as canonical JSON. */
  readonly specDigest: (spec: CheckSpec) => string;
}

/** What a person's command becomes in the log. Pure; the command was found acceptable (refuseCommand) for exactly this state. */
export function commandEvents(state: RunState, command: RunCommand, speaker: Speaker): NewEvent[] {
  if (command.do === 'approve-plan') return [{ ...speaker.planApproved(state), actor: speaker.actor }];
  if (command.do === 'hold-out-check')
    return [{ ...heldOutFact(state, command, speaker.specDigest(command.check.spec)), actor: speaker.actor }];
  return facts(state, command).map((fact) => ({ ...fact, actor: speaker.actor }));
}

function facts(state: RunState, command: Exclude<RunCommand, { do: 'approve-plan' | 'hold-out-check' }>): Fact[] {
  switch (command.do) {
    case 'return-plan':
      return [{ type: 'plan.returned', data: { version: command.version, feedback: command.feedback } }];
    case 'answer':
      return [{ type: 'question.answered', data: { questionId: command.questionId, answer: command.answer } }];
    case 'feedback':
      return [
        {
          type: 'feedback.given',
          data: {
            feedbackId: `fb-${state.feedback.length + 1}`,
            mode: command.mode,
            text: command.text,
            ...attached(state, command.screenshots),
          },
        },
      ];
    case 'comment':
      return [
        { type: 'comment.added', data: { commentId: `cm-${state.highestComment + 1}`, comment: command.comment } },
      ];
    case 'withdraw-comment':
      return [{ type: 'comment.removed', data: { commentId: command.commentId } }];
    case 'send-review':
      return reviewFacts(state, command);
    case 'address-comment':
      return [
        { type: 'comment.addressed', data: { commentId: command.commentId, checkpointId: state.head ?? 'ck-0' } },
      ];
    case 'withdraw-feedback':
      return [{ type: 'feedback.withdrawn', data: { feedbackId: command.feedbackId } }];
    case 'edit-feedback': {
      const { feedbackId, mode, text } = command;
      return [{ type: 'feedback.edited', data: { feedbackId, mode, text } }];
    }
    case 'choose-model':
      return [{ type: 'model.chosen', data: { model: command.model } }];
    case 'set-budget':
      return [{ type: 'budget.set', data: { budgetUsd: command.budgetUsd } }];
    case 'drop-held-out-check':
      return [{ type: 'check.held-out-dropped', data: { id: command.id } }];
    case 'trust-guidance':
      return [{ type: 'guidance.trusted', data: { path: command.path, hash: command.hash } }];
    case 'distrust-guidance':
      return [{ type: 'guidance.distrusted', data: { path: command.path, hash: command.hash } }];
    case 'take-base':
      return [
        {
          type: 'base.advanced',
          data: { exportId: command.exportId, branch: '', why: 'asked', key: `asked:${state.bases.length + 1}` },
        },
      ];
    case 'pause':
      return [{ type: 'run.paused', data: {} }];
    case 'resume':
      return [{ type: 'run.resumed', data: {} }];
    case 'cancel':
      return [{ type: 'run.cancelled', data: {} }];
    case 'restore':
      return [
        {
          type: 'restore.requested',
          data: { checkpointId: command.checkpointId, ...(command.paths ? { paths: command.paths } : {}) },
        },
      ];
    case 'undo-restore':
      if (!state.lastRestore) throw new Error(`run ${state.id} has no restore to undo`);
      return [{ type: 'restore.requested', data: { checkpointId: state.lastRestore.before } }];
    case 'name-checkpoint':
      return [{ type: 'checkpoint.named', data: { checkpointId: command.checkpointId, name: command.name } }];
    case 'pin-checkpoint':
      return [{ type: 'checkpoint.pinned', data: { checkpointId: command.checkpointId } }];
    case 'unpin-checkpoint':
      return [{ type: 'checkpoint.unpinned', data: { checkpointId: command.checkpointId } }];
    case 'waive-secrets': {
      const { tree, places, reason } = command;
      return [{ type: 'secret.waived', data: { tree, places, reason } }];
    }
    case 'approve-result':
      return resultFacts(state, command.tree, command.destinations);
    case 'export':
      return [exportFact(state, command.destination, 0)];
    default:
      return [requirementFact(state, command)];
  }
}

function reviewFacts(
  state: RunState,
  { text, mode }: { readonly text: string; readonly mode: 'steer' | 'queue' },
): Fact[] {
  const waiting = waitingComments(state);
  const feedbackId = `fb-${state.feedback.length + 1}`;
  return [
    { type: 'feedback.given', data: { feedbackId, mode, text: reviewMessage(waiting, text) } },
    { type: 'comment.sent', data: { commentIds: waiting.map(({ id }) => id), feedbackId } },
  ];
}

type RequirementCommand = Extract<RunCommand, { do: `${string}-requirement` }>;

function requirementFact(state: RunState, command: RequirementCommand): Fact {
  switch (command.do) {
    case 'add-requirement': {
      const id = `R-${state.highestRequirement + 1}`;
      return {
        type: 'requirement.added',
        data: { requirement: { id, version: 1, text: command.text, priority: command.priority, origin: 'person' } },
      };
    }
    case 'reword-requirement': {
      const version = (state.requirements.find((item) => item.id === command.id)?.version ?? 0) + 1;
      return {
        type: 'requirement.reworded',
        data: { id: command.id, version, text: command.text, priority: command.priority },
      };
    }
    case 'remove-requirement':
      return { type: 'requirement.removed', data: { id: command.id } };
    case 'waive-requirement':
      return { type: 'requirement.waived', data: { id: command.id, reason: command.reason } };
    case 'accept-requirement':
      return { type: 'requirement.accepted', data: { id: command.id, reason: command.reason, tree: command.tree } };
  }
}

function heldOutFact(
  state: RunState,
  { requirementId, check }: Extract<RunCommand, { do: 'hold-out-check' }>,
  digest: string,
): Fact {
  const { title, intent, timeoutMs, spec } = check;
  const id = `H-${state.highestHeldOut + 1}`;
  return {
    type: 'check.held-out',
    data: {
      check: { id, version: 1, requirementId, title, intent, timeoutMs, kind: spec.kind, spec: digest },
      model: null,
    },
  };
}

/** The approval and one delivery per destination: those named now, else those of the request, else a ZIP. */
function resultFacts(state: RunState, tree: string, named: readonly Destination[]): Fact[] {
  const checkpointId = state.head;
  if (checkpointId === null) throw new Error(`run ${state.id} has a tree but no checkpoint`);
  const wished = named.length > 0 ? named : state.request.destinations;
  const destinations = wished.length > 0 ? wished : [zip];
  return [
    { type: 'result.approved', data: { checkpointId, tree, notProven: notProven(state, tree) } },
    ...destinations.map((destination, index) => exportFact(state, destination, index)),
  ];
}

function exportFact(state: RunState, destination: Destination, index: number): Fact {
  return { type: 'export.requested', data: { exportId: `ex-${state.exports.length + index + 1}`, destination } };
}

function attached(state: RunState, digests: readonly string[] = []): { screenshots?: PageScreenshot[] } {
  const screenshots = digests.flatMap((digest) => state.screenshots.find((item) => item.digest === digest) ?? []);
  return screenshots.length === 0 ? {} : { screenshots };
}
