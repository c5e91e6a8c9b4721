import { failed, type InputOf, type ToolContext, type ToolOutcome } from './tool.ts';

/** Writes down what an agent did by itself. Refused from an agent that has no tools of its own: it would be a call that nobody made. */
export async function ownTool({ session }: ToolContext, input: InputOf<'own_tool'>): Promise<ToolOutcome> {
  if (!session.agent.modelInSandbox) return failed(`Agent ${session.agent.id} has no tools of its own.`);
  return { result: { outcome: input.outcome, text: input.text, exitCode: null }, facts: [] };
}
