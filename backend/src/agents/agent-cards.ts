import type { AgentCard } from '@devfactory/contracts';
import type { Agent } from '@devfactory/kit';

/** Agents as people choose among them. */
export function agentCards(
  agents: ReadonlyMap<string, Agent>,
  { anyModel }: { readonly anyModel: boolean },
): AgentCard[] {
  return [...agents.values()].map(({ id, title, note, needsModel }) => {
    const available = !needsModel || anyModel;
    const why = available ? '' : 'It needs a model; set one up in the settings, or with OPENAI_API_KEY and the like.';
    return { id, title, note, needsModel, available, why };
  });
}
