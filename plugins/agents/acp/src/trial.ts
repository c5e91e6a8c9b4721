import type { AgentTrial } from '@devfactory/contracts';
import { DomainError, type AgentTrialPlace } from '@devfactory/kit';
import { Conversation, type Opening } from './conversation/conversation.ts';

/** Starts an agent and greets it, then ends it. What does not work is told in words; throws only what the signal says. */
export async function tryAgent(
  { workspace }: AgentTrialPlace,
  opening: Opening,
  signal: AbortSignal,
): Promise<AgentTrial> {
  const began = performance.now();
  try {
    const conversation = await Conversation.open(workspace, opening, signal);
    const startMs = Math.round(performance.now() - began);
    const { name, protocol, offers, modes } = conversation.greeting;
    await conversation.end();
    const who = name === '' ? 'It' : name;
    const sentence = `${who} speaks version ${protocol} of the Agent Client Protocol and began a session.`;
    return { ok: true, sentence, name, protocol, offers: [...offers], modes: [...modes], startMs };
  } catch (error) {
    if (signal.aborted || !(error instanceof DomainError)) throw error;
    return { ok: false, sentence: error.message, name: '', protocol: null, offers: [], modes: [], startMs: null };
  }
}
