import type { Client } from '@devfactory/client';
import type { CheckpointPage, ListedCheckpoint } from '@devfactory/contracts';
import { commonOptions, serverOptions, type Command } from '../command.ts';
import { withServer } from '../server/connect.ts';
import { oneLine } from '../terminal.ts';
import { runOf } from './run-argument.ts';
import { sayToRun } from './say.ts';

export const checkpoints: Command = {
  name: 'checkpoints',
  about: 'list the checkpoints of a run',
  words: 'RUN',
  count: { least: 1, most: 1 },
  options: { ...serverOptions, ...commonOptions },
  run: (invocation) =>
    withServer(invocation, async ({ client }) => {
      const { arguments: given, terminal } = invocation;
      const all = await allCheckpoints(client, await runOf(client, given.words[0] ?? ''));
      if (given.flag('json')) terminal.out(JSON.stringify(all));
      else for (const item of all) terminal.out(line(item));
      return 0;
    }),
};

async function allCheckpoints(client: Client, runId: string): Promise<ListedCheckpoint[]> {
  const all: ListedCheckpoint[] = [];
  for (let offset: number | null = 0; offset !== null;) {
    const page: CheckpointPage = await client.runs.checkpoints(runId, { offset, limit: 500 });
    all.push(...page.checkpoints);
    offset = page.next;
  }
  return all;
}

function line(checkpoint: ListedCheckpoint): string {
  const { added, modified, removed } = checkpoint.changed;
  const words = [checkpoint.head ? 'head' : '', checkpoint.pinned ? 'pinned' : '', checkpoint.torn ? 'torn' : ''];
  const marks = words.filter((mark) => mark !== '').join(', ');
  const name = checkpoint.name === null ? '' : `"${oneLine(checkpoint.name, 100)}" `;
  return `${checkpoint.id.padEnd(6)} +${added} ~${modified} -${removed}  ${checkpoint.files} files  ${name}${oneLine(checkpoint.label, 100)}${marks === '' ? '' : `  (${marks})`}`;
}

export const nameCheckpoint: Command = {
  name: 'name-checkpoint',
  about: 'give a checkpoint a name, or take it away when none is said',
  words: 'RUN CHECKPOINT ["NAME"]',
  count: { least: 2, most: Number.POSITIVE_INFINITY },
  options: { ...serverOptions, ...commonOptions },
  run: (invocation) => {
    const [, checkpointId = '', ...words] = invocation.arguments.words;
    const name = words.join(' ').trim() || null;
    const done = name === null ? `${checkpointId} has no name now.` : `${checkpointId} is called "${name}".`;
    return sayToRun(invocation, () => ({ command: { do: 'name-checkpoint', checkpointId, name }, done, rests: true }));
  },
};

export const pinCheckpoint = pinning('pin-checkpoint', 'keep a checkpoint when its run is archived', 'is pinned.');
export const unpinCheckpoint = pinning('unpin-checkpoint', 'let go of a pinned checkpoint', 'is not pinned any more.');

function pinning(name: 'pin-checkpoint' | 'unpin-checkpoint', about: string, done: string): Command {
  return {
    name,
    about,
    words: 'RUN CHECKPOINT',
    count: { least: 2, most: 2 },
    options: { ...serverOptions, ...commonOptions },
    run: (invocation) => {
      const checkpointId = invocation.arguments.words[1] ?? '';
      return sayToRun(invocation, () => ({
        command: { do: name, checkpointId },
        done: `${checkpointId} ${done}`,
        rests: true,
      }));
    },
  };
}
