import type { RunState } from '@devfactory/contracts';
import type { Invocation } from '../command.ts';
import { exitCodeOf, exitCodes } from '../exit-code.ts';
import type { ExportTarget } from '../input/export-target.ts';
import { eventLine } from '../report/event-line.ts';
import { tellNext } from '../report/next-steps.ts';
import { ProgressLines } from '../report/progress-line.ts';
import { requirementTable } from '../report/requirement-table.ts';
import { restSentence, summary, type SavedFiles } from '../report/summary.ts';
import type { Connection } from '../server/connect.ts';
import { oneLine } from '../terminal.ts';
import { currentDelivery, saveDelivery } from './save-delivery.ts';
import { farewell, watchRun } from './watch.ts';

export interface StayOptions {
  readonly runId: string;
  readonly from: RunState | null;
  readonly restAfter: number;
  readonly save: { readonly target: ExportTarget; readonly force: boolean } | null;
}

/** Stays with a run until it rests, saves what was delivered, tells how it stands and gives the exit code that says the same. */
export async function stayWithRun(
  invocation: Invocation,
  connection: Connection,
  options: StayOptions,
): Promise<number> {
  const { terminal } = invocation;
  const json = invocation.arguments.flag('json');
  const { state, detached } = await watchRun(connection, {
    ...options,
    talk: terminal.talk,
    onProgress: new ProgressLines(terminal.talk, terminal.talkPaint).take,
    onEvent: (event, now, before) => {
      if (json) return terminal.out(JSON.stringify(event));
      const line = eventLine(event, { state: now, before, paint: terminal.talkPaint });
      if (line !== null) terminal.talk(line);
    },
  });
  const saved = detached ? {} : await save(connection, state, options);
  if (json) terminal.out(JSON.stringify(summary(state, saved)));
  else tell(invocation, { state, saved });
  if (!detached) return exitCodeOf(state);
  terminal.talk(farewell(connection, state.id));
  return exitCodes.failed;
}

async function save(connection: Connection, state: RunState, options: StayOptions): Promise<SavedFiles> {
  if (!options.save?.target.files) return {};
  const { target, force } = options.save;
  const record = currentDelivery(state, target.destination);
  if (!record || !target.files) return {};
  return {
    [record.id]: await saveDelivery(connection.client, { runId: state.id, record }, { files: target.files, force }),
  };
}

function tell(
  { terminal }: Invocation,
  { state, saved }: { readonly state: RunState; readonly saved: SavedFiles },
): void {
  terminal.talk('');
  terminal.out(requirementTable(state, terminal.outPaint));
  for (const path of Object.values(saved).flat()) terminal.out(path);
  terminal.talk(`${terminal.talkPaint.strong(state.id)}: ${oneLine(restSentence(state), 400)}`);
  tellNext(terminal, state);
}
