import { join } from 'node:path';
import { foldRun, requirementViews, stageWord, type RunEvent } from '@devfactory/contracts';
import type { Figure } from '../report/figure.ts';
import type { Measured, Row } from '../row.ts';
import type { Bench } from '../stage/bench.ts';
import { Factory } from '../stage/factory.ts';
import { command, timed } from '../stage/timing.ts';

const prompt = 'Build a Flask API with JWT auth';
const patienceMs = 15 * 60_000;
const rests = new Set<RunEvent['type']>(['run.finished', 'run.failed', 'run.cancelled', 'wait.began']);

/** The README's example: from the prompt to the delivered ZIP, nobody asked. */
export const mainJob: Row = {
  name: 'main-job',
  title: `"${prompt}", to the delivered ZIP`,
  measure: async (bench) => {
    const factory = await Factory.start(bench, await bench.folder('job'));
    const started = performance.now();
    const { id } = await factory.client.runs.create({
      prompt,
      agent: 'blueprint',
      autonomy: 'auto',
      destinations: [{ kind: 'zip' }],
    });
    const events: RunEvent[] = [];
    for await (const event of factory.client.followRun({ runId: id, signal: AbortSignal.timeout(patienceMs) })) {
      events.push(event);
      if (rests.has(event.type)) break;
    }
    return describe(events, { wallMs: performance.now() - started, venvMs: await venv(bench) });
  },
};

function describe(
  events: readonly RunEvent[],
  times: { readonly wallMs: number; readonly venvMs: number | null },
): Measured {
  const state = foldRun(events);
  if (!state) throw new Error('the run told nothing');
  const stepMs = events.reduce((sum, event) => sum + (event.type === 'step.ended' ? event.data.durationMs : 0), 0);
  const share = (name: string, ms: number): Figure => ({
    name,
    unit: 'percent',
    value: (ms / times.wallMs) * 100,
    n: 1,
  });
  const whole: Figure = { name: 'from the POST to its end', unit: 'ms', value: times.wallMs, n: 1 };
  const views = requirementViews(state);
  const proven = views.filter(({ status }) => status === 'proven').length;
  return {
    figures: [
      times.venvMs === null ? whole : { ...whole, reference: { name: 'python3 -m venv', value: times.venvMs } },
      share('of it in steps of the agent', stepMs),
      share('of it in verification', verificationMs(events)),
    ],
    notes: [
      `It ended ${stageWord(state)}, with ${proven} of ${views.length} requirements proven and ${state.evidence.length} pieces of evidence.`,
      ...(times.venvMs === null ? ['python3 -m venv does not work here, so it is not beside.'] : []),
    ],
  };
}

/** From each verification's start to its end; they do not overlap. */
function verificationMs(events: readonly RunEvent[]): number {
  let [sum, since] = [0, 0];
  for (const { type, at } of events) {
    if (type === 'verification.started') since = Date.parse(at);
    if (type === 'verification.ended') sum += Date.parse(at) - since;
  }
  return sum;
}

/** What any Python project pays before its first line runs; null where this machine cannot. */
async function venv(bench: Bench): Promise<number | null> {
  const folder = await bench.folder('venv');
  return timed(() => command(['python3', '-m', 'venv', join(folder, 'env')])).catch(() => null);
}
