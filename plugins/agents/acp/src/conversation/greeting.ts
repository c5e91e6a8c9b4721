import {
  methods,
  PROTOCOL_VERSION,
  type AgentCapabilities,
  type ClientConnection,
  type InitializeResponse,
  type NewSessionRequest,
  type SessionModeState,
} from '@agentclientprotocol/sdk';
import type { ToolServer } from '@devfactory/contracts';
import { DomainError } from '@devfactory/kit';

export interface Wish {
  readonly mode: string | null;
  /** A session of before to go on with, where the agent can. */
  readonly sessionId: string | null;
  /** Servers of tools that it starts for itself, in the sandbox where it is. */
  readonly servers: readonly ToolServer[];
}

/** What the agent said of itself, and the session that began. */
export interface Greeting {
  readonly sessionId: string;
  /** It goes on with a session of before and knows what was said there. */
  readonly resumed: boolean;
  /** As it calls itself; empty when it does not say. */
  readonly name: string;
  readonly protocol: number;
  readonly offers: readonly string[];
  readonly modes: readonly string[];
}

/** From the connection to a session. Throws DomainError agent_protocol, and what the agent answered. */
export async function greet(
  agent: ClientConnection['agent'],
  { mode, sessionId: before, servers }: Wish,
): Promise<Greeting> {
  const hello = await agent.request(methods.agent.initialize, {
    protocolVersion: PROTOCOL_VERSION,
    clientCapabilities: { fs: { readTextFile: false, writeTextFile: false }, terminal: false },
    clientInfo: { name: 'ai-devfactory', version: '0.1.0' },
  });
  if (hello.protocolVersion !== PROTOCOL_VERSION) {
    throw new DomainError('agent_protocol', 'unavailable', {
      message: `The agent speaks version ${hello.protocolVersion} of the Agent Client Protocol; version ${PROTOCOL_VERSION} is understood here.`,
    });
  }
  const place: NewSessionRequest = { cwd: '/workspace', mcpServers: servers.map(serverOf) };
  const loaded =
    before !== null && hello.agentCapabilities?.loadSession === true
      ? await agent.request(methods.agent.session.load, { sessionId: before, ...place }).then(
          // Some answer with nothing at all.
          (answer) => ({ sessionId: before, modes: answer?.modes ?? null }),
          () => null,
        )
      : null;
  const session = loaded ?? (await agent.request(methods.agent.session.new, place));
  const { sessionId, modes } = session;
  if (mode !== null) await agent.request(methods.agent.session.setMode, { sessionId, modeId: mode });
  return {
    sessionId,
    resumed: loaded !== null,
    protocol: hello.protocolVersion,
    name: nameOf(hello),
    offers: offersOf(hello.agentCapabilities ?? {}),
    modes: modesOf(modes),
  };
}

function serverOf({ name, command, args, env }: ToolServer): NewSessionRequest['mcpServers'][number] {
  return {
    name,
    command,
    args: [...args],
    env: Object.entries(env).map(([variable, value]) => ({ name: variable, value })),
  };
}

function nameOf({ agentInfo }: InitializeResponse): string {
  if (!agentInfo) return '';
  return `${agentInfo.title ?? agentInfo.name} ${agentInfo.version}`.trim().slice(0, 200);
}

function offersOf({ loadSession, promptCapabilities, mcpCapabilities }: AgentCapabilities): string[] {
  return [
    ...(loadSession ? ['takes a session up again'] : []),
    ...(promptCapabilities?.image ? ['reads images'] : []),
    ...(promptCapabilities?.audio ? ['hears audio'] : []),
    ...(promptCapabilities?.embeddedContext ? ['takes files with the prompt'] : []),
    ...(mcpCapabilities?.http || mcpCapabilities?.sse ? ['uses servers of tools by address'] : []),
  ];
}

function modesOf(modes: SessionModeState | null | undefined): string[] {
  return (modes?.availableModes ?? []).slice(0, 20).map(({ id }) => id.slice(0, 100));
}
