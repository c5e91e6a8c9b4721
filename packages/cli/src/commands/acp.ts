import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { agent, methods, ndJsonStream, PROTOCOL_VERSION, RequestError } from '@agentclientprotocol/sdk';
import { FactorySession, type SessionParts } from '../acp/factory-session.ts';
import { commonOptions, serverOptions, type Command } from '../command.ts';
import { exitCodes } from '../exit-code.ts';
import { withServer } from '../server/connect.ts';
import { agentOptions, readAgent } from './run.ts';

export const acp: Command = {
  name: 'acp',
  about: 'be an agent of an editor that speaks the Agent Client Protocol, on stdin and stdout',
  words: '',
  count: { least: 0, most: 0 },
  options: { ...agentOptions, ...serverOptions, ...commonOptions },
  run: async (invocation) => {
    const request = await readAgent(invocation.arguments);
    return withServer(invocation, async ({ client }) => {
      await serve({ client, request });
      return exitCodes.done;
    });
  },
};

/** Until the editor closes the connection. Runs that it began are kept. */
async function serve(parts: Pick<SessionParts, 'client' | 'request'>): Promise<void> {
  const sessions = new Map<string, FactorySession>();
  const sessionOf = (id: string): FactorySession => {
    const session = sessions.get(id);
    if (session) return session;
    throw RequestError.invalidParams({ sessionId: id }, `There is no session ${id}.`);
  };
  const connection = agent({ name: 'ai-devfactory' })
    .onRequest(methods.agent.initialize, () => ({
      protocolVersion: PROTOCOL_VERSION,
      agentInfo: { name: 'ai-devfactory', title: 'AI DevFactory', version: '0.1.0' },
      agentCapabilities: { promptCapabilities: { embeddedContext: true } },
    }))
    .onRequest(methods.agent.session.new, async ({ params: { cwd } }) => {
      const folder = await stat(cwd).catch(() => null);
      if (!isAbsolute(cwd) || !folder?.isDirectory())
        throw RequestError.invalidParams({ cwd }, `${cwd} is no folder on this machine.`);
      const id = randomUUID();
      sessions.set(id, new FactorySession({ ...parts, id, folder: cwd }));
      return { sessionId: id };
    })
    .onRequest(methods.agent.session.prompt, async ({ params, client, signal }) => ({
      stopReason: await sessionOf(params.sessionId).prompt(params.prompt, client, signal),
    }))
    .onNotification(methods.agent.session.cancel, ({ params }) => sessionOf(params.sessionId).cancel())
    .connect(
      ndJsonStream(
        Writable.toWeb(process.stdout) as WritableStream<Uint8Array>,
        Readable.toWeb(process.stdin) as ReadableStream<Uint8Array>,
      ),
    );
  await connection.closed;
}
