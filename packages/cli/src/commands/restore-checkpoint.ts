import type { RestorePreview } from '@devfactory/contracts';
import type { Command, Invocation } from '../command.ts';
import { changeLine, totalsLine } from '../report/change-line.ts';
import { withServer } from '../server/connect.ts';
import { typed } from '../typed.ts';
import { runOf } from './run-argument.ts';
import { sayOptions, sayToRun } from './say.ts';

export const restoreCheckpoint: Command = {
  name: 'restore-checkpoint',
  about: 'bring a checkpoint back, or only the files and folders named; the present is kept as a checkpoint first',
  words: 'RUN CHECKPOINT [PATH ...]',
  count: { least: 2, most: 202 },
  options: { preview: { about: 'only tell what would change' }, ...sayOptions },
  run: (invocation) => {
    const [, checkpointId = '', ...paths] = invocation.arguments.words;
    if (invocation.arguments.flag('preview')) return preview(invocation, { checkpointId, paths });
    const what = paths.length === 0 ? checkpointId : `${paths.length} of ${checkpointId}`;
    return sayToRun(invocation, () => ({
      command: { do: 'restore', checkpointId, ...(paths.length > 0 ? { paths } : {}) },
      done: `Asked for ${what} to be restored.`,
    }));
  },
};

export const undoRestore: Command = {
  name: 'undo-restore',
  about: 'go back to the files before the last restore',
  words: 'RUN',
  count: { least: 1, most: 1 },
  options: sayOptions,
  run: (invocation) =>
    sayToRun(invocation, ({ lastRestore }) => ({
      command: { do: 'undo-restore' },
      done: `Asked for ${lastRestore?.before ?? 'what was there before'} to be restored.`,
    })),
};

function preview(
  invocation: Invocation,
  { checkpointId, paths }: { readonly checkpointId: string; readonly paths: readonly string[] },
): Promise<number> {
  return withServer(invocation, async ({ client }) => {
    const { arguments: given, terminal } = invocation;
    const runId = await runOf(client, given.words[0] ?? '');
    const answer = await client.runs.restorePreview(runId, checkpointId, { paths, limit: 500 });
    if (given.flag('json')) terminal.out(JSON.stringify(answer));
    else tell(invocation, answer);
    return 0;
  });
}

function tell({ terminal, arguments: given }: Invocation, { comparison, refusal, sentence }: RestorePreview): void {
  for (const change of comparison.changes) terminal.out(changeLine(change));
  terminal.out(totalsLine(comparison));
  terminal.talk(refusal ? `It would be refused: ${refusal.message}` : sentence);
  if (!refusal) terminal.talk(`Restore it: ${typed(`restore-checkpoint ${given.words.join(' ')}`)}`);
}
