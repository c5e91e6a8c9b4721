import type { RunEvent } from '@devfactory/contracts';
import { ModelServer } from '@devfactory/kit/testing/model-server';
import { TaskScript, type Told, type Trouble } from '../peers/script.ts';
import type { Bench } from './bench.ts';
import { Factory } from './factory.ts';
import { memoryOf, processTree } from './processes.ts';

const rests = new Set<RunEvent['type']>(['run.finished', 'run.failed', 'run.cancelled', 'wait.began']);
const lookMs = 250;

const spec = {
  kind: 'command',
  argv: ['/bin/bash', 'greet.sh', 'Ada'],
  expect: { exitCode: 0, stdoutIncludes: ['Hello, Ada!'] },
};
const text = 'When greet.sh is run with a name, the system shall print "Hello, NAME!".';
const requirements = [{ text, checks: [{ title: 'greets Ada', spec }] }];
const plan = [
  { name: 'propose_requirements', input: { summary: 'One program.', requirements } },
  { name: 'finish', input: { summary: 'Planned.' } },
];

export interface OwnTold extends Told {
  readonly stage: string;
  readonly planBytes: number;
  /** From each last call of a step to the step's end: the pass over the files. */
  readonly passMs: readonly number[];
  /** The most that server, database and sandboxes held at once, each page counted once; 0 when nobody looked. */
  readonly memory: number;
  readonly left: readonly string[];
  readonly ms: number;
}

/** Our own agent at the task of the others: the same model, the same steps, in a factory with its plan and its proof. */
export class OwnTask {
  readonly #factory: Factory;
  readonly #server: ModelServer;

  private constructor(factory: Factory, server: ModelServer) {
    this.#factory = factory;
    this.#server = server;
  }

  static async start(bench: Bench): Promise<OwnTask> {
    const server = await ModelServer.start();
    bench.after(() => server.close());
    server.models = [{ id: 'scripted', max_model_len: 200_000 }];
    const environment = {
      OPENAI_COMPATIBLE_BASE_URL: `${server.url}/v1`,
      DEVFACTORY_MODEL: 'openai-compatible/scripted',
    };
    return new OwnTask(await Factory.start(bench, await bench.folder('own-task'), environment), server);
  }

  /** To look at memory takes the processor from whoever is looked at: what is timed is done without. */
  async work(trouble: Trouble, looks: 'at memory' | 'at nothing' = 'at nothing'): Promise<OwnTold> {
    const script = new TaskScript(trouble);
    let planBytes = 0;
    this.#server.script = (request) => {
      const planning =
        request.body.includes('"name":"propose_requirements"') && !request.body.includes('"name":"write"');
      if (planning) planBytes += Buffer.byteLength(request.body);
      return planning ? { calls: plan } : script.answer(request);
    };
    const { client } = this.#factory;
    const started = performance.now();
    const { id } = await client.runs.create({ prompt: 'A program that greets', autonomy: 'auto' });
    const ended = this.#rest(id);
    const memory = looks === 'at memory' ? await this.#most(ended) : 0;
    const events = await ended;
    const ms = performance.now() - started;
    const state = await client.runs.get(id);
    const file = state.head === null ? null : await client.runs.file(id, state.head, 'steps.txt').catch(() => null);
    const left = (file?.text ?? '').split('\n').filter((line) => line !== '');
    return { ...script.tell(), stage: state.stage.name, planBytes, passMs: passes(events), memory, left, ms };
  }

  async #rest(id: string): Promise<RunEvent[]> {
    const events: RunEvent[] = [];
    for await (const event of this.#factory.client.followRun({ runId: id, signal: AbortSignal.timeout(600_000) })) {
      events.push(event);
      if (rests.has(event.type)) break;
    }
    return events;
  }

  async #most(work: Promise<unknown>): Promise<number> {
    let [most, open] = [0, true];
    void work.finally(() => (open = false)).catch(() => undefined);
    while (open) {
      most = Math.max(most, (await memoryOf(await processTree(this.#factory.pid))).once);
      await new Promise((resolve) => setTimeout(resolve, lookMs));
    }
    return most;
  }
}

function passes(events: readonly RunEvent[]): number[] {
  const all: number[] = [];
  let called = 0;
  for (const { type, at, data } of events) {
    if (type === 'step.started') called = 0;
    if (type === 'tool.ended') called = Date.parse(at);
    // The first is the plan's.
    if (type === 'step.ended' && called !== 0 && data.step !== 1) all.push(Date.parse(at) - called);
  }
  return all;
}
