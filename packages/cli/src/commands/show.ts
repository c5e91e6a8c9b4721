import { counted, destinationText, stageWord, type RunState } from '@devfactory/contracts';
import { commonOptions, serverOptions, type Command, type Invocation } from '../command.ts';
import { tellNext } from '../report/next-steps.ts';
import { requirementTable } from '../report/requirement-table.ts';
import { restSentence, summary } from '../report/summary.ts';
import { withServer } from '../server/connect.ts';
import { oneLine } from '../terminal.ts';
import { runOf } from './run-argument.ts';

export const show: Command = {
  name: 'show',
  about: 'how a run stands: requirements, evidence, plan, deliveries',
  words: 'RUN',
  count: { least: 1, most: 1 },
  options: { ...serverOptions, ...commonOptions },
  run: (invocation) =>
    withServer(invocation, async ({ client, url }) => {
      const { arguments: given, terminal } = invocation;
      const state = await client.runs.get(await runOf(client, given.words[0] ?? ''));
      if (given.flag('json')) terminal.out(JSON.stringify(summary(state)));
      else tell(invocation, state, url);
      return 0;
    }),
};

function tell({ terminal }: Invocation, state: RunState, url: string): void {
  const paint = terminal.outPaint;
  terminal.out(`${paint.strong(state.id)} ${oneLine(state.name, 80)}`);
  terminal.out(`${stageWord(state)}: ${oneLine(restSentence(state), 400)}`);
  terminal.out(
    paint.quiet(
      `agent ${state.agent} · ${counted(state.steps.length, 'step')} · ${counted(state.checkpoints.length, 'checkpoint')} · ${counted(state.evidence.length, 'piece')} of evidence · ${url}/runs/${state.id}`,
    ),
  );
  const { forkedFrom } = state;
  if (forkedFrom)
    terminal.out(
      paint.quiet(`began with ${forkedFrom.checkpoint.id} of ${forkedFrom.runId} ${oneLine(forkedFrom.name, 80)}`),
    );
  terminal.out('');
  terminal.out(requirementTable(state, paint));
  if (state.plan.approved < state.plan.proposed) terminal.out(plan(state));
  for (const item of state.exports) {
    terminal.out(
      `export ${item.id} ${destinationText(item.destination)}: ${item.state} ${oneLine(item.location ?? item.reason ?? '', 200)}`,
    );
    for (const note of item.notes) terminal.out(paint.quiet(`  ${oneLine(note, 200)}`));
    if (item.arrival !== null)
      terminal.out(
        paint.quiet(`  read back: ${item.arrival === 'awaited' ? 'not yet' : oneLine(item.arrival.sentence, 200)}`),
      );
  }
  tellNext(terminal, state);
}

/** The proposed checks, which an approval would lock. */
function plan(state: RunState): string {
  const checks = state.checks.map(
    (check) => `  ${check.id} ${check.requirementId} ${check.kind} ${oneLine(check.title, 110)}`,
  );
  return ['', `Plan ${state.plan.proposed} waits for approval. Its checks:`, ...checks].join('\n');
}
