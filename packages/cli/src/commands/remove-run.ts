import type { Removal, RemovalPreview } from '@devfactory/contracts';
import { commonOptions, serverOptions, type Command, type Invocation } from '../command.ts';
import { exitCodes } from '../exit-code.ts';
import { sizeWords } from '../report/size-words.ts';
import { withServer } from '../server/connect.ts';
import { typed } from '../typed.ts';
import { runOf } from './run-argument.ts';

export const archiveRun = removing('archive', 'keep log, proof and pinned checkpoints of a run; the rest goes');
export const deleteRun = removing('delete', 'remove a run with its workspace, blobs and log');

/** Lists what goes; does it with --yes alone, and only while the list is true. */
function removing(removal: Removal, about: string): Command {
  return {
    name: removal,
    about: `${about} (lists it first; --yes does it)`,
    words: 'RUN',
    count: { least: 1, most: 1 },
    options: { yes: { about: 'do it' }, ...serverOptions, ...commonOptions },
    run: (invocation) =>
      withServer(invocation, async ({ client }) => {
        const { arguments: given, terminal } = invocation;
        const id = await runOf(client, given.words[0] ?? '');
        const preview = await client.runs.removalPreview(id, removal);
        const yes = given.flag('yes');
        if (yes && preview.refusal === null) await client.runs[removal](id, { seq: preview.seq });
        if (given.flag('json')) terminal.out(JSON.stringify({ ...preview, done: yes && preview.refusal === null }));
        else tell(invocation, preview, yes);
        return preview.refusal === null ? 0 : exitCodes.failed;
      }),
  };
}

function tell({ terminal }: Invocation, preview: RemovalPreview, yes: boolean): void {
  for (const { sentence, bytes } of preview.goes) terminal.out(`- ${sentence} ${sizeWords(bytes)}`);
  for (const { sentence, bytes, runs } of preview.stays)
    terminal.out(`= stays: ${sentence} ${sizeWords(bytes)}${runs.length > 0 ? ` (${runs.join(', ')})` : ''}`);
  if (preview.refusal) terminal.talk(preview.refusal.message);
  else if (yes)
    terminal.talk(`${preview.do === 'delete' ? 'Deleted' : 'Archived'}; ${sizeWords(preview.frees)} are free soon.`);
  else
    terminal.talk(`It would free ${sizeWords(preview.frees)}. Do it: ${typed(`${preview.do} ${preview.runId} --yes`)}`);
}
