import {
  refuseCommand,
  notProven,
  type NewEvent,
  type EventOf,
  type RunCommand,
  type RunState,
} from '@devfactory/contracts';
import type { Fact } from './facts.ts';

/** The engine's own word for what an approval locks. */
export type PlanApproved = (state: RunState) => EventOf<'plan.approved'>;

/** What a person's command becomes, or why it is refused: the back end's translation in short, for runs without a back end. */
export function commanded(state: RunState, command: RunCommand, planApproved: PlanApproved): NewEvent[] | string {
  const refusal = refuseCommand(state, command);
  if (refusal) return refusal.code;
  return factsOf(state, command, planApproved).map((fact) => ({ ...fact, actor: { kind: 'person', name: 'Ada' } }));
}

function factsOf(state: RunState, command: RunCommand, planApproved: PlanApproved): Fact[] {
  const next = `${state.seq + 1}`;
  switch (command.do) {
    case 'approve-plan':
      return [planApproved(state)];
    case 'return-plan':
      return [{ type: 'plan.returned', data: { version: command.version, feedback: command.feedback } }];
    case 'add-requirement': {
      const id = `R-${state.highestRequirement + 1}`;
      const { text, priority } = command;
      return [
        { type: 'requirement.added', data: { requirement: { id, version: 1, text, priority, origin: 'person' } } },
      ];
    }
    case 'reword-requirement': {
      const { id, text, priority } = command;
      const version = (state.requirements.find((item) => item.id === id)?.version ?? 0) + 1;
      return [{ type: 'requirement.reworded', data: { id, version, text, priority } }];
    }
    case 'remove-requirement':
      return [{ type: 'requirement.removed', data: { id: command.id } }];
    case 'waive-requirement':
      return [{ type: 'requirement.waived', data: { id: command.id, reason: command.reason } }];
    case 'accept-requirement':
      return [{ type: 'requirement.accepted', data: { id: command.id, reason: command.reason, tree: command.tree } }];
    case 'answer':
      return [{ type: 'question.answered', data: { questionId: command.questionId, answer: command.answer } }];
    case 'feedback':
      return [{ type: 'feedback.given', data: { feedbackId: `fb-${next}`, mode: command.mode, text: command.text } }];
    case 'withdraw-feedback':
      return [{ type: 'feedback.withdrawn', data: { feedbackId: command.feedbackId } }];
    case 'pause':
      return [{ type: 'run.paused', data: {} }];
    case 'resume':
      return [{ type: 'run.resumed', data: {} }];
    case 'cancel':
      return [{ type: 'run.cancelled', data: {} }];
    case 'restore':
      return [{ type: 'restore.requested', data: { checkpointId: command.checkpointId } }];
    case 'approve-result':
      return [
        {
          type: 'result.approved',
          data: { checkpointId: state.head ?? '', tree: command.tree, notProven: notProven(state) },
        },
        { type: 'export.requested', data: { exportId: `ex-${next}`, destination: { kind: 'zip' } } },
      ];
    case 'export':
      return [{ type: 'export.requested', data: { exportId: `ex-${next}`, destination: command.destination } }];
  }
}
