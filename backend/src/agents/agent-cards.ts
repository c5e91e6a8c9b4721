import type { AgentCard } from '@devfactory/contracts';
import type { Agent } from '@devfactory/kit';

/** Agents as people choose among them. */
export function agentCards(agents: ReadonlyMap<string, Agent>): AgentCard[] {
  return [...agents.values()].map(({ id, title, note, needsModel }) => ({
    id,
    title,
    note,
    needsModel,
    available: true,
    why: '',
  }));
}
