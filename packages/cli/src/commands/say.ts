import { stageWord, type RunCommandInput, type RunState } from '@devfactory/contracts';
import { commonOptions, serverOptions, type Invocation } from '../command.ts';
import type { ExportTarget } from '../input/export-target.ts';
import { tellNext } from '../report/next-steps.ts';
import { stayWithRun } from '../run/stay.ts';
import { withServer, type Connection } from '../server/connect.ts';
import { runOf } from './run-argument.ts';

/** Options of commands that say something to a run which then goes on. */
export const sayOptions = {
  follow: { about: 'stay with the run until it rests again; the exit code then says how it stands' },
  ...serverOptions,
  ...commonOptions,
} as const;

export interface Said {
  readonly command: RunCommandInput;
  /** For the person, in the past: 'Plan 2 approved.' */
  readonly done: string;
  readonly save?: { readonly target: ExportTarget; readonly force: boolean } | null;
  /** True when the run rests with it, so that there is nothing to stay for. */
  readonly rests?: boolean;
}

type Decide = (state: RunState, connection: Connection) => Said | Promise<Said>;

/**
 * Says something to the run named by the first word. Without a running server the command's own stays for as long as the run
 * goes on: otherwise what was said would only take effect at the next start.
 */
export function sayToRun(invocation: Invocation, decide: Decide): Promise<number> {
  return withServer(invocation, async (connection) => {
    const { arguments: given, terminal } = invocation;
    const id = await runOf(connection.client, given.words[0] ?? '');
    const state = await connection.client.runs.get(id);
    const { command, done, save = null, rests = false } = await decide(state, connection);
    const { seq } = await connection.client.runs.command(id, command);
    terminal.talk(done);
    if (given.flag('follow') || save || (connection.own && !rests))
      return stayWithRun(invocation, connection, { runId: id, from: state, restAfter: seq, save });
    return report(invocation, connection, id);
  });
}

async function report({ arguments: given, terminal }: Invocation, { client }: Connection, id: string): Promise<number> {
  const state = await client.runs.get(id);
  if (given.flag('json'))
    terminal.out(JSON.stringify({ type: 'accepted', runId: id, seq: state.seq, state: stageWord(state) }));
  else tellNext(terminal, state);
  return 0;
}
