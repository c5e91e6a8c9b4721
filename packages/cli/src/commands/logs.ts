import type { LogSearchOptions } from '@devfactory/client';
import { foldEvent, type LogSearchPage, type RunEvent, type RunState } from '@devfactory/contracts';
import type { Arguments } from '../arguments.ts';
import { commonOptions, serverOptions, type Command, type Invocation } from '../command.ts';
import { exitCodes } from '../exit-code.ts';
import { UsageError } from '../failure.ts';
import { eventLine } from '../report/event-line.ts';
import { watchRun } from '../run/watch.ts';
import { withServer, type Connection } from '../server/connect.ts';
import { oneLine } from '../terminal.ts';
import { runOf } from './run-argument.ts';

export const logs: Command = {
  name: 'logs',
  about: 'what happened in a run',
  words: 'RUN',
  count: { least: 1, most: 1 },
  options: {
    follow: { about: 'stay until the run is at its end' },
    search: { value: 'TEXT', about: 'only events that say this, or whose output does' },
    kinds: { value: 'LIST', about: 'with --search: of these types or nouns, like tool,evidence.recorded' },
    steps: { value: 'N-M', about: 'with --search: of these steps' },
    ...serverOptions,
    ...commonOptions,
  },
  run: (invocation) =>
    withServer(invocation, async (connection) => {
      const id = await runOf(connection.client, invocation.arguments.words[0] ?? '');
      const search = searchOf(invocation.arguments);
      if (search) return found(invocation, connection, { id, search });
      return invocation.arguments.flag('follow')
        ? follow(invocation, connection, id)
        : past(invocation, connection, id);
    }),
};

function searchOf(given: Arguments): LogSearchOptions | null {
  const [q, kinds, steps] = [given.text('search'), given.text('kinds'), given.text('steps')];
  if (q === null) {
    if (kinds !== null || steps !== null) throw new UsageError('--kinds and --steps go with --search.');
    return null;
  }
  const range = steps === null ? null : /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(steps);
  if (steps !== null && !range) throw new UsageError(`--steps is written N or N-M, not '${oneLine(steps, 40)}'.`);
  return {
    q,
    ...(kinds === null ? {} : { kinds: kinds.split(',') }),
    ...(range ? { fromStep: Number(range[1]), toStep: Number(range[2] ?? range[1]) } : {}),
  };
}

async function found(
  { arguments: given, terminal }: Invocation,
  { client }: Connection,
  { id, search }: { readonly id: string; readonly search: LogSearchOptions },
): Promise<number> {
  for (let after: number | null = 0; after !== null;) {
    const page: LogSearchPage = await client.runs.searchLog(id, { ...search, after, limit: 200 });
    for (const match of page.matches) {
      const place = `${match.seq} ${match.type}${match.where === 'output' ? ' (output)' : ''}`;
      terminal.out(
        given.flag('json') ? JSON.stringify(match) : `${terminal.outPaint.quiet(place)} ${oneLine(match.excerpt, 300)}`,
      );
    }
    after = page.next;
  }
  return 0;
}

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
