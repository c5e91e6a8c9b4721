import { requirementViews, stageWord, type RunState } from '@devfactory/contracts';
import { tableOf } from '../report/table.ts';
import { formatValue } from '../report/words.ts';
import type { Measured, Row } from '../row.ts';
import { whileLooking } from '../stage/agent-processes.ts';
import { openTaskModel, prices } from '../stage/agent-task.ts';
import { Factory } from '../stage/factory.ts';

const agents = ['builtin', 'opencode', 'kilo', 'gemini', 'qwen', 'codex', 'claude-code'];
const model = 'openai-compatible/scripted';
const patienceMs = 20 * 60_000;
const rests = new Set(['delivered', 'finished', 'failed', 'cancelled', 'waiting']);

interface Outcome {
  readonly agent: string;
  readonly result: string;
  readonly requests: number;
  readonly tokens: number;
  readonly costUsd: number;
  readonly ms: number;
  readonly processorMs: number;
  readonly memory: number | null;
  readonly program: number | null;
}

/** The same task, with the same model on loopback, by our agent and by each of the others; one after the other. */
export const agentTask: Row = {
  name: 'agents',
  title: 'The same task by every agent',
  measure: async (bench) => {
    const url = await openTaskModel(bench);
    const factory = await Factory.start(bench, await bench.folder('agents'));
    await factory.client.models.save('openai-compatible', { baseUrl: `${url}/v1` });
    const figures = { contextTokens: 200_000, outputTokens: 8_192, inputUsd: prices.inputUsd };
    await factory.client.models.setFigures(model, {
      ...figures,
      cachedUsd: prices.cachedUsd,
      outputUsd: prices.outputUsd,
    });
    const outcomes: Outcome[] = [];
    const faults: string[] = [];
    for (const agent of bench.pick(0, 1) === 0 ? agents.slice(0, 2) : agents) {
      try {
        const program = await fetched(factory, agent);
        outcomes.push({ ...(await work(factory, agent)), program });
      } catch (error) {
        faults.push(`${agent} was not measured: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    return described(outcomes, faults);
  },
};

/** Fetches its program, so that the task is timed and not the network; the bytes that it takes. */
async function fetched({ client }: Factory, agent: string): Promise<number | null> {
  for (let first = true; ; first = false) {
    const all = await client.agents.gallery();
    const program = all.find(({ id }) => id === agent)?.program;
    if (!program) return null;
    if (program.state === 'ready') return program.bytes;
    if (program.problem !== '') throw new Error(program.problem);
    if (first) await client.agents.fetch(agent);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function work(factory: Factory, agent: string): Promise<Omit<Outcome, 'program'>> {
  const started = performance.now();
  const running = run(factory, agent);
  const { value: state, bytes: memory, processorMs } = await whileLooking(factory.pid, running);
  const views = requirementViews(state);
  const proven = views.filter(({ status }) => status === 'proven').length;
  const { inputTokens, outputTokens, costUsd } = state.usage;
  const asked = (await factory.client.runs.log(state.id)).events.filter(({ type }) => type === 'model.answered');
  return {
    agent,
    result: `${stageWord(state)}, ${proven} of ${views.length} proven`,
    requests: asked.length,
    tokens: inputTokens + outputTokens,
    costUsd: costUsd ?? 0,
    ms: performance.now() - started,
    processorMs,
    memory,
  };
}

async function run({ client }: Factory, agent: string): Promise<RunState> {
  const destinations = [{ kind: 'zip' as const }];
  const { id } = await client.runs.create({ prompt: 'Greet', agent, model, autonomy: 'auto', destinations });
  for (const deadline = performance.now() + patienceMs; performance.now() < deadline;) {
    const state = await client.runs.get(id);
    if (rests.has(state.stage.name)) return state;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error(`${agent} did not end within ${patienceMs / 60_000} minutes`);
}

function described(outcomes: readonly Outcome[], faults: readonly string[]): Measured {
  const head = ['agent', 'result', 'requests', 'tokens', 'cost', 'time', 'processor', 'memory', 'program'];
  const lines = outcomes.map(({ agent, result, requests, tokens, costUsd, ms, processorMs, memory, program }) => [
    agent,
    result,
    String(requests),
    String(tokens),
    `$${costUsd.toFixed(4)}`,
    formatValue(ms, 'ms'),
    memory === null ? 'in the server' : formatValue(processorMs, 'ms'),
    memory === null ? 'in the server' : formatValue(memory, 'bytes'),
    program === null ? 'comes along' : formatValue(program, 'bytes'),
  ]);
  return {
    figures: outcomes.flatMap(({ agent, ms, memory, tokens }) => [
      { name: `${agent}: from the POST to its end`, unit: 'ms' as const, value: ms, n: 1 },
      { name: `${agent}: tokens`, unit: 'count' as const, value: tokens, n: 1 },
      ...(memory === null
        ? []
        : [{ name: `${agent}: memory of its processes, at most`, unit: 'bytes' as const, value: memory, n: 1 }]),
    ]),
    notes: [...tableOf([head, ...lines]), ...faults],
  };
}
