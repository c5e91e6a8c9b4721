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

/** The engine's own words for what an approval locks and how a check's body is called. */
export type Words = Omit<Speaker, 'actor'>;

/** What a person's command becomes, or the code of its refusal. */
export function commanded(state: RunState, command: RunCommand, words: Words): NewEvent[] | string {
  return refuseCommand(state, command)?.code ?? commandEvents(state, command, { ...words, actor });
}
