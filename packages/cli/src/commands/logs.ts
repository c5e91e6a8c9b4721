import { foldEvent, type RunEvent, type RunState } from '@devfactory/contracts';
import { commonOptions, serverOptions, type Command, type Invocation } from '../command.ts';
import { exitCodes } from '../exit-code.ts';
import { eventLine } from '../report/event-line.ts';
import { watchRun } from '../run/watch.ts';
import { withServer, type Connection } from '../server/connect.ts';
import { runOf } from './run-argument.ts';

export const logs: Command = {
  name: 'logs',
  about: 'what happened in a run',
  words: 'RUN',
  count: { least: 1, most: 1 },
  options: { follow: { about: 'stay until the run is at its end' }, ...serverOptions, ...commonOptions },
  run: (invocation) =>
    withServer(invocation, async (connection) => {
      const id = await runOf(connection.client, invocation.arguments.words[0] ?? '');
      return invocation.arguments.flag('follow')
        ? follow(invocation, connection, id)
        : past(invocation, connection, id);
    }),
};

async function past(invocation: Invocation, { client }: Connection, id: string): Promise<number> {
  const { seq: until } = await client.runs.get(id);
  let state: RunState | null = null;
  for (let after = 0; after < until;) {
    const { events, lastSeq } = await client.runs.log(id, { after, limit: 500 });
    for (const event of events) {
      const before: RunState | null = state;
      state = foldEvent(before, event);
      print(invocation, event, { state, before });
    }
    if (lastSeq <= after) break;
    after = lastSeq;
  }
  return 0;
}

async function follow(invocation: Invocation, connection: Connection, id: string): Promise<number> {
  await watchRun(connection, {
    runId: id,
    from: null,
    restAfter: (await connection.client.runs.get(id)).seq,
    overWaits: true,
    onEvent: (event, state, before) => print(invocation, event, { state, before }),
    talk: invocation.terminal.talk,
  });
  return exitCodes.done;
}

function print(
  { arguments: given, terminal }: Invocation,
  event: RunEvent,
  states: { readonly state: RunState; readonly before: RunState | null },
): void {
  if (given.flag('json')) return terminal.out(JSON.stringify(event));
  const line = eventLine(event, { ...states, paint: terminal.outPaint });
  if (line !== null) terminal.out(`${terminal.outPaint.quiet(event.at.slice(11, 19))} ${line}`);
}
