import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { Row } from '../row.ts';
import type { Bench } from '../stage/bench.ts';
import { openCollector } from '../stage/collector.ts';
import { endProcess, Factory } from '../stage/factory.ts';
import { memoryOf, processTree, programOf, proportionalMemoryOf } from '../stage/processes.ts';
import { watch } from '../stage/quiet-run.ts';
import { ScriptedModel } from '../stage/scripted-model.ts';

const further = 4;
const hangAt = 6;
const settleMs = 3_000;

/** Runs that stand side by side in the middle of their work: what each further one takes of the server, and its supervisor. */
export const modelMemory: Row = {
  name: 'model-memory',
  title: `One run with a model, and ${further} more beside it`,
  measure: async (bench) => {
    const model = await ScriptedModel.start(bench, { steps: 30, hangAt });
    const collector = await openCollector();
    const environment = { ...model.environment, ...collector.environment, DEVFACTORY_CONCURRENCY: String(further + 1) };
    const factory = await Factory.start(bench, await bench.folder('model-memory'), environment);
    const bare = (await memoryOf([await bareNode(bench)])).once;
    await standing(factory);
    const now = async (): Promise<number> => {
      await pause(settleMs);
      await collector.collect();
      return (await memoryOf([factory.pid])).once;
    };
    const one = await now();
    for (let n = 0; n < further; n += 1) await standing(factory);
    const all = await now();
    const tree = await processTree(factory.pid);
    const programs = await Promise.all(tree.map(async (pid) => ({ pid, program: await programOf(pid) })));
    const supervisors = programs.filter(({ program }) => program.endsWith('/supervisor-node')).map(({ pid }) => pid);
    if (supervisors.length === 0) throw new Error('no supervisor of a sandbox is to be seen among the processes');
    const sizes = await Promise.all(supervisors.map(proportionalMemoryOf));
    const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
    const reference = { name: 'an idle node', value: bare };
    return {
      figures: [
        { name: 'the server with one run, garbage collected', unit: 'bytes', value: one, n: 1, reference },
        {
          name: 'each further run, of the server',
          unit: 'bytes',
          value: (all - one) / further,
          n: further,
          goal: { atMost: 30e6, of: 'value' },
        },
        {
          name: 'a supervisor, shared pages in equal parts',
          unit: 'bytes',
          value: mean,
          n: sizes.length,
          goal: { atMost: 45e6, of: 'value' },
        },
      ],
    };
  },
};

/** A run that waits for an answer of its model in the middle of its work, sandbox open. */
async function standing(factory: Factory): Promise<void> {
  const { id } = await factory.client.runs.create({ prompt: 'A program that greets', autonomy: 'auto' });
  // The plan is a step too.
  await watch(factory, id, (event) => event.type === 'model.called' && event.data.step === hangAt + 1);
}

async function bareNode(bench: Bench): Promise<number> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6); console.log("up")'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  bench.after(() => endProcess(child, 'SIGKILL'));
  await once(child.stdout, 'data');
  return child.pid ?? 0;
}
