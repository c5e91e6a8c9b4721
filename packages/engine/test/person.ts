import {
  commandEvents,
  refuseCommand,
  type Actor,
  type NewEvent,
  type RunCommand,
  type RunState,
  type Speaker,
} from '@devfactory/contracts';

const actor: Actor = { kind: 'person', name: 'Ada' };

/** The engine's own word for what an approval locks. */
export type PlanApproved = Speaker['planApproved'];

/** What a person's command becomes, or the code of its refusal. */
export function commanded(state: RunState, command: RunCommand, planApproved: PlanApproved): NewEvent[] | string {
  return refuseCommand(state, command)?.code ?? commandEvents(state, command, { actor, planApproved });
}
