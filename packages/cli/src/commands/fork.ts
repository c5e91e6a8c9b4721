import type { ForkRunInput } from '@devfactory/contracts';
import type { Arguments } from '../arguments.ts';
import { commonOptions, serverOptions, type Command } from '../command.ts';
import { UsageError } from '../failure.ts';
import { readRequirementsFile } from '../input/requirements-file.ts';
import { readScriptFile } from '../input/script-file.ts';
import { stayWithRun } from '../run/stay.ts';
import { withServer } from '../server/connect.ts';
import { runOf } from './run-argument.ts';

export const fork: Command = {
  name: 'fork',
  about: 'begin a run with a checkpoint of another; prompt and requirements are carried over unless said anew',
  words: 'RUN CHECKPOINT ["PROMPT"]',
  count: { least: 2, most: Number.POSITIVE_INFINITY },
  options: {
    requirements: { value: 'FILE', about: 'these requirements instead of the ones of the run' },
    'no-requirements': { about: 'none of the run’s requirements' },
    agent: { value: 'ID', about: 'another agent' },
    script: { value: 'FILE', about: 'what the agent "scripted" replays' },
    model: { value: 'PROVIDER/MODEL', about: 'another model' },
    'auto-approve': { about: 'ask nobody: approve the plan, and the result when all of it is proven' },
    follow: { about: 'stay with the new run until it rests' },
    ...serverOptions,
    ...commonOptions,
  },
  run: async (invocation) => {
    const { arguments: given, terminal } = invocation;
    const wish = await readWish(given);
    return withServer(invocation, async (connection) => {
      const { client, own } = connection;
      const from = await runOf(client, given.words[0] ?? '');
      const { id, seq } = await client.runs.fork(from, wish);
      if (given.flag('follow') || own)
        return stayWithRun(invocation, connection, { runId: id, from: null, restAfter: 0, save: null });
      terminal.out(
        given.flag('json')
          ? JSON.stringify({ type: 'forked', runId: id, seq, from, checkpointId: wish.checkpointId })
          : id,
      );
      return 0;
    });
  },
};

async function readWish(given: Arguments): Promise<ForkRunInput> {
  const [, checkpointId = '', ...words] = given.words;
  const file = given.text('requirements');
  if (file !== null && given.flag('no-requirements'))
    throw new UsageError('--requirements and --no-requirements say two things; give one of them.');
  const [script, agent, model] = [given.text('script'), given.text('agent'), given.text('model')];
  return {
    checkpointId,
    ...(words.length > 0 ? { prompt: words.join(' ') } : {}),
    ...(file === null ? {} : { requirements: [...(await readRequirementsFile(file))] }),
    ...(given.flag('no-requirements') ? { requirements: [] } : {}),
    ...(agent === null ? {} : { agent }),
    ...(model === null ? {} : { model }),
    ...(script === null ? {} : { agentOptions: await readScriptFile(script) }),
    ...(given.flag('auto-approve') ? { autonomy: 'auto' as const } : {}),
  };
}
