import { DomainError } from '@devfactory/kit';
import { serversInForce } from '../servers/index.ts';
import { fittingOutput } from './shell-tool.ts';
import { failed, type InputOf, type ToolContext, type ToolOutcome } from './tool.ts';

/** A tool of a server that a person declared or trusts, in the sandbox. What it says, and that it died, is an answer to the agent. */
export async function mcp({ session }: ToolContext, input: InputOf<'mcp'>): Promise<ToolOutcome> {
  const servers = await serversInForce(session.deps.blobs, session.state);
  const server = servers.find(({ name }) => name === input.server);
  if (!server) {
    const names = servers.map(({ name }) => name).join(', ') || 'none';
    return failed(`There is no server ${input.server} that may be used. There are: ${names}.`);
  }
  const workspace = await session.workspace();
  const cancelled = session.journal.cancelled();
  try {
    const call = { server, tool: input.tool, input: input.arguments };
    const { text, isError } = await session.servers.call(workspace, call, cancelled.signal);
    const shown = await fittingOutput(workspace, '', text);
    const outcome = isError ? ('error' as const) : ('ok' as const);
    return { result: { outcome, text: shown.trim() || 'It answered with nothing.', exitCode: null }, facts: [] };
  } catch (error) {
    if (error instanceof DomainError || cancelled.signal.aborted) throw error;
    return failed(`Server ${input.server}: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    cancelled.end();
  }
}
