import { requirementViews, type RunEvent } from '@devfactory/contracts';
import { median, type Figure } from '../report/figure.ts';
import type { Row } from '../row.ts';
import { Factory } from '../stage/factory.ts';
import { extendsIt, ScriptedModel } from '../stage/scripted-model.ts';

const patienceMs = 10 * 60_000;
const rests = new Set<RunEvent['type']>(['run.finished', 'run.failed', 'run.cancelled', 'wait.began']);
const steps = 30;

/** A task of thirty steps by the built-in agent: what it sends, and what a step takes beside the model. */
export const modelWork: Row = {
  name: 'model-work',
  title: `A task of ${steps} steps with a model (scripted, on loopback)`,
  measure: async (bench) => {
    const model = await ScriptedModel.start(bench, { steps });
    const factory = await Factory.start(bench, await bench.folder('model-work'), model.environment);
    const { id } = await factory.client.runs.create({ prompt: 'A program that greets', autonomy: 'auto' });
    const events: RunEvent[] = [];
    for await (const event of factory.client.followRun({ runId: id, signal: AbortSignal.timeout(patienceMs) })) {
      events.push(event);
      if (rests.has(event.type)) break;
    }
    const state = await factory.client.runs.get(id);
    const proven = requirementViews(state).filter(({ status }) => status === 'proven').length;
    if (state.stage.name !== 'finished' || proven !== 1)
      throw new Error(`the task ended ${state.stage.name}, unproven`);
    const bytes = model.worked.map(({ body }) => Buffer.byteLength(body));
    const broken = model.worked.slice(1).filter((request, at) => {
      const before = model.worked[at];
      return before !== undefined && !extendsIt(before, request);
    });
    return {
      figures: [
        ...sizes(bytes),
        { name: 'requests that do not begin as the one before', unit: 'count', value: broken.length, n: 1, goal: none },
        { name: 'requests beside one a step', unit: 'count', value: model.worked.length - steps, n: 1, goal: none },
        ...times(events),
      ],
      notes: [
        `It ended proven, with ${model.planned.length} request for the plan and ${model.worked.length} for the work.`,
      ],
    };
  },
};

const none = { atMost: 0, of: 'value' } as const;

function sizes(bytes: readonly number[]): Figure[] {
  const all = bytes.reduce((sum, size) => sum + size, 0);
  const first = { name: 'first request of the work', unit: 'bytes', value: bytes[0] ?? 0, n: 1 } as const;
  return [
    { ...first, goal: { atMost: 8 * 1024, of: 'value' } },
    {
      name: `all ${bytes.length} requests of the work`,
      unit: 'bytes',
      value: all,
      n: 1,
      goal: { atMost: 505_000, of: 'value' },
    },
  ];
}

/** From each step's start to the end of its last call, and from there to the step's end, which is the pass over the files. */
function times(events: readonly RunEvent[]): Figure[] {
  const [own, pass]: [number[], number[]] = [[], []];
  let [since, called] = [0, 0];
  for (const { type, at, data } of events) {
    const now = Date.parse(at);
    if (type === 'step.started') [since, called] = [now, 0];
    if (type === 'tool.ended') called = now;
    // The first is the plan's.
    if (type !== 'step.ended' || called === 0 || data.step === 1) continue;
    own.push(called - since);
    pass.push(now - called);
  }
  return [
    { name: 'a step, without the pass over the files', unit: 'ms', value: median(own), n: own.length },
    { name: 'the pass over the files', unit: 'ms', value: median(pass), n: pass.length },
  ];
}
