import type { PreviewState } from '@devfactory/contracts';
import { commonOptions, serverOptions, type Command, type Invocation } from '../command.ts';
import { exitCodes } from '../exit-code.ts';
import { withServer, type Connection } from '../server/connect.ts';
import { oneLine } from '../terminal.ts';
import { runOf } from './run-argument.ts';

export const preview: Command = {
  name: 'preview',
  about: 'start a run’s own server in its workspace and print a link that opens it, once; Ctrl-C stops it',
  words: 'RUN',
  count: { least: 1, most: 1 },
  options: { ...serverOptions, ...commonOptions },
  run: (invocation) =>
    withServer(invocation, async (connection) => {
      const { client } = connection;
      const runId = await runOf(client, invocation.arguments.words[0] ?? '');
      const leaving = new AbortController();
      const leave = (): void => (leaving.signal.aborted ? connection.hurry() : leaving.abort());
      process.on('SIGINT', leave);
      process.on('SIGTERM', leave);
      try {
        await client.previews.start(runId);
        return await stay(invocation, connection, { runId, signal: leaving.signal });
      } finally {
        process.off('SIGINT', leave);
        process.off('SIGTERM', leave);
        await client.previews.stop(runId).catch(() => undefined);
      }
    }),
};

/** Tells how it gets on, and the link once it listens. A server that crashes ends it. */
async function stay(
  { arguments: given, terminal }: Invocation,
  { client }: Connection,
  { runId, signal }: { readonly runId: string; readonly signal: AbortSignal },
): Promise<number> {
  let told = '';
  for await (const { server } of client.previews.follow(runId, { signal })) {
    const line = lineOf(server);
    if (line === told) continue;
    told = line;
    if (server.is === 'crashed') {
      for (const words of server.lines) terminal.talk(oneLine(words, 500));
      terminal.talk(oneLine(server.sentence, 500));
      return exitCodes.failed;
    }
    if (server.is !== 'running') {
      if (line !== '') terminal.talk(terminal.talkPaint.quiet(line));
      continue;
    }
    // The ticket is in the fragment, which browsers send to nobody.
    const { action, ticket } = await client.previews.ticket(runId, { port: server.port });
    const url = `${action}#${ticket}`;
    terminal.out(given.flag('json') ? JSON.stringify({ type: 'preview', runId, port: server.port, url }) : url);
    terminal.talk('Open it within a minute; it works once. Ctrl-C stops the preview.');
  }
  return exitCodes.done;
}

function lineOf(server: PreviewState['server']): string {
  if (server.is === 'preparing')
    return server.command === '' ? 'Looking at the project.' : oneLine(server.command, 200);
  if (server.is === 'starting') return `${oneLine(server.command, 200)}: waiting for it to listen.`;
  return server.is === 'running' ? `port ${server.port}` : server.is === 'crashed' ? server.sentence : '';
}
