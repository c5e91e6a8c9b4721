import { peers, type Peer } from '../peers/programs.ts';
import { steps, type Told, type Trouble } from '../peers/script.ts';
import { median, type Figure } from '../report/figure.ts';
import { tableOf } from '../report/table.ts';
import { formatValue } from '../report/words.ts';
import type { Row } from '../row.ts';
import type { Bench } from '../stage/bench.ts';
import { OwnTask } from '../stage/own-task.ts';
import { installPeer, letPeerWork } from '../stage/peer-room.ts';

/** What can go wrong once, by its column. */
const troubles: Readonly<Record<string, Trouble>> = {
  'cut at the first token': { kind: 'cut', at: 0.1 },
  'in the middle': { kind: 'cut', at: 0.4 },
  'at the last token': { kind: 'cut', at: 0.7 },
  'context overflow': { kind: 'overflow' },
};

interface Line extends Told {
  readonly name: string;
  readonly memory: number;
  /** Each step without what is no part of the agent's (our pass over the files). */
  readonly step: number;
  readonly survived: readonly string[];
}

/** Whether all was done, and the end said so. `end`: how it ended, where that is not well. */
function howItWent(told: Pick<Told, 'answered'> & { readonly left: readonly string[] }, end: string): string {
  const done = new Set(told.left).size;
  if (done === steps - 1 && told.answered >= steps - 1) return end === '' ? 'survived' : `all done, but ${end}`;
  return `${done} of ${steps - 1} steps${end === '' ? ', and claims success' : `, ${end}`}`;
}

/** The same thirty steps by our agent and by five others, each alone with a model on loopback; then with one thing going wrong. */
export const peerTask: Row = {
  name: 'peers',
  title: `The same ${steps} steps by our agent and by others`,
  measure: async (bench) => {
    const before = await ownLine(bench);
    const others: Line[] = [];
    const skipped: string[] = [];
    for (const peer of bench.pick(0, 1) === 0 ? peers.slice(0, 2) : peers) {
      try {
        others.push(await peerLine(bench, peer));
      } catch (error) {
        skipped.push(`${peer.name}  skipped: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    const own = await timedAgain(before);
    const lines = [own.line, ...others];
    return {
      figures: figuresOf(own.line, others),
      notes: [
        ...tableOf([
          ['agent', 'requests', 'beside', 'first', 'all', 'broken', 'a step', 'memory'],
          ...lines.map((line) => cellsOf(line)),
        ]),
        ...skipped,
        `Ours has a pass over the files after each step besides, ${formatValue(own.pass, 'ms')}; its memory is that of the whole factory.`,
        ...tableOf([['agent', ...Object.keys(troubles)], ...lines.map(({ name, survived }) => [name, ...survived])]),
      ],
    };
  },
};

function cellsOf({ name, requests, beside, firstBytes, bytes, broken, step, memory }: Line): string[] {
  const sizes = [formatValue(firstBytes, 'bytes'), formatValue(bytes, 'bytes')];
  return [
    name,
    String(requests),
    String(beside),
    ...sizes,
    String(broken),
    formatValue(step, 'ms'),
    formatValue(memory, 'bytes'),
  ];
}

interface Own {
  readonly task: OwnTask;
  readonly line: Line;
  readonly passMs: readonly number[];
  readonly pass: number;
}

/** The machine is another one a quarter of an hour later: ours is timed before the others and after them. */
async function timedAgain({ task, line, passMs }: Own): Promise<Own> {
  const later = await task.work({ kind: 'none' });
  const both = { stepMs: [...line.stepMs, ...later.stepMs], passMs: [...passMs, ...later.passMs] };
  const pass = median(both.passMs);
  return { task, line: { ...line, stepMs: both.stepMs, step: median(both.stepMs) - pass }, passMs: both.passMs, pass };
}

async function ownLine(bench: Bench): Promise<Own> {
  const own = await OwnTask.start(bench);
  const well = await own.work({ kind: 'none' });
  if (well.stage !== 'finished') throw new Error(`our own agent ended ${well.stage}`);
  const { memory } = await own.work({ kind: 'none' }, 'at memory');
  const pass = median(well.passMs);
  const survived: string[] = [];
  for (const trouble of Object.values(troubles)) {
    const told = await own.work(trouble);
    survived.push(howItWent(told, told.stage === 'finished' ? '' : told.stage));
  }
  const bytes = well.bytes + well.planBytes;
  return {
    line: { ...well, memory, bytes, name: 'ours', step: median(well.stepMs) - pass, survived },
    passMs: well.passMs,
    pass,
    task: own,
  };
}

async function peerLine(bench: Bench, peer: Peer): Promise<Line> {
  const installed = await installPeer(bench, peer);
  const well = await letPeerWork(bench, { peer, installed, trouble: { kind: 'none' } });
  if (well.answered < steps)
    throw new Error(`it ended with ${String(well.code)} after ${well.answered} steps: ${well.tail}`);
  const { memory } = await letPeerWork(bench, { peer, installed, trouble: { kind: 'none' }, looks: 'memory' });
  const survived: string[] = [];
  for (const trouble of Object.values(troubles)) {
    const told = await letPeerWork(bench, { peer, installed, trouble });
    survived.push(howItWent(told, told.code === 0 ? '' : `exit ${String(told.code)}`));
  }
  return { ...well, memory, name: `${peer.name} ${peer.version}`, step: median(well.stepMs), survived };
}

function figuresOf(own: Line, others: readonly Line[]): Figure[] {
  const least = (of: (line: Line) => number, what: string): Pick<Figure, 'reference' | 'goal'> => {
    const [best] = others.toSorted((a, b) => of(a) - of(b));
    if (!best) return {};
    return { reference: { name: `${what} ${best.name}`, value: of(best) }, goal: { atMost: 1, of: 'ratio' } };
  };
  const none = { atMost: 0, of: 'value' } as const;
  const counts: readonly (readonly [string, number])[] = [
    ['requests that do not begin as the one before', own.broken],
    ['requests beside one a step', own.beside],
  ];
  return [
    {
      name: 'first request of the work',
      unit: 'bytes',
      value: own.firstBytes,
      n: 1,
      goal: { atMost: 8 * 1024, of: 'value' },
    },
    {
      name: 'bytes over the task, the plan included',
      unit: 'bytes',
      value: own.bytes,
      n: 1,
      ...least(({ bytes }) => bytes, 'smallest:'),
    },
    {
      name: 'a step, without the pass over the files',
      unit: 'ms',
      value: own.step,
      n: own.stepMs.length,
      ...least(({ step }) => step, 'fastest:'),
    },
    ...counts.map(([name, value]): Figure => ({ name, unit: 'count', value, n: 1, goal: none })),
  ];
}
