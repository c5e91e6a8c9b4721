import { CheckSpec, requirementViews, type RunState } from '@devfactory/contracts';
import { expect, test } from 'vitest';
import { patientCommand, randomCommand } from '../../test/random-person.ts';
import { ask, finish, propose, RunStage, shell, wants, write, type Play } from '../../test/run-stage.ts';
import { dice as diceOf } from '../../test/stage.ts';
import { openSourceTree } from '../checkpoints/index.ts';
import { advanceRun } from './advance.ts';
import { planApproved, specDigest } from './approve.ts';

const engine = { advanceRun, planApproved, specDigest };

type Dice = (sides: number) => number;

/** Proposes checks for what has none, and now and then changes others. */
function plans(state: RunState, dice: Dice): ReturnType<typeof propose> {
  const bare = state.requirements.filter(
    (item) => !state.checks.some((check) => check.requirementId === item.id) || dice(5) === 0,
  );
  return propose(
    ...bare.map((item) => wants(`${item.id}${dice(5) === 0 ? '-too' : ''}.txt`, item.id)),
    ...(dice(4) === 0 ? [wants('own.txt')] : []),
  );
}

/** Works, errs, lies, asks, fails and hangs as the dice fall. */
const wild =
  (stage: () => RunStage, dice: Dice): Play =>
  ({ purpose, state }) => {
    if (dice(25) === 0) throw new Error('the model is away');
    if (dice(40) === 0) {
      // It hangs, and a person notices.
      stage().say({ do: 'pause' });
      return new Promise<never>(() => {});
    }
    const file = `${state.requirements[dice(Math.max(1, state.requirements.length))]?.id ?? 'R-1'}.txt`;
    const calls = [
      write(file, dice(3) === 0 ? 'wrong' : 'x'),
      shell(`rm -f ${file}`),
      plans(state, dice),
      { tool: 'ask', input: dice(3) === 0 ? { question: 'Which?' } : {} },
      { tool: 'dance', input: null },
      { tool: 'edit', input: { path: file, find: 'x', replace: 'xx' } },
    ];
    const chosen = calls.filter(() => dice(4) === 0);
    return [
      ...(purpose === 'plan' && dice(3) > 0 ? [plans(state, dice)] : []),
      ...chosen,
      ...(dice(8) === 0 ? [ask] : []),
      ...(dice(3) > 0 ? [finish] : []),
    ];
  };
const calm: Play = ({ purpose, state }) =>
  purpose === 'plan'
    ? [
        propose(
          ...state.requirements
            .filter((item) => !state.checks.some((check) => check.requirementId === item.id))
            .map((item) => wants(`${item.id}.txt`, item.id)),
        ),
        finish,
      ]
    : [
        ...state.requirements.flatMap((item) => [write(`${item.id}.txt`), write(`${item.id}-too.txt`)]),
        write('own.txt'),
        finish,
      ];

/** Whatever happened: what is called proven is so, by evidence of the locked check on this tree and by the files themselves. */
async function expectHonest(stage: RunStage): Promise<void> {
  const { state } = stage;
  const head = state.checkpoints.find((item) => item.id === state.head);
  if (!head) return;
  const tree = await openSourceTree(stage.blobs, head);
  for (const view of requirementViews(state)) {
    if (view.status !== 'proven') continue;
    for (const check of state.plan.locked.filter((item) => item.requirementId === view.id)) {
      expect(state.evidence).toContainEqual(
        expect.objectContaining({
          checkId: check.id,
          checkDigest: check.spec,
          tree: head.tree,
          onBase: false,
          verdict: 'passed',
        }),
      );
      const spec = CheckSpec.parse(JSON.parse(new TextDecoder().decode(await stage.blobs.get(check.spec))));
      const entry = tree.entries.find((item) => spec.kind === 'file' && item.path === spec.path);
      if (entry?.type !== 'file') throw new Error(`${view.id} is proven without its file`);
      const chunks: Uint8Array[] = [];
      for await (const chunk of tree.read(entry)) chunks.push(chunk);
      expect(Buffer.concat(chunks).toString()).toContain('x');
    }
  }
}

/** A run that rests has a reason that a person can see and end; nothing it should be doing is left lying. */
function expectAtRest({ stage, paused, feedback, restoreRequested, plan, questions }: RunState): void {
  if (paused) return;
  expect(['waiting', 'failed', 'cancelled', 'delivered', 'finished']).toContain(stage.name);
  if (stage.name === 'failed' || stage.name === 'cancelled') return;
  expect(restoreRequested).toBeNull();
  if (stage.name !== 'waiting' || stage.for === 'review') expect(plan.stale).toBe(false);
  if (stage.name === 'waiting' && stage.for === 'answer')
    expect(questions.some((item) => item.answer === null)).toBe(true);
  else if (stage.name !== 'waiting' || stage.for === 'review')
    expect(feedback.filter((item) => item.deliveredAt === null && !item.withdrawn)).toEqual([]);
}

async function live(stage: RunStage, dice: Dice): Promise<void> {
  let approved = true;
  stage.deliver = async (request) => {
    approved &&= stage.state.approval?.tree === request.tree.hash;
  };
  for (let round = 0; round < 8; round++) {
    const fate = (): 'die' | 'die-after' | undefined => {
      if (dice(12) === 0) stage.say(randomCommand(stage.state, dice));
      return dice(60) === 0 ? (dice(2) === 0 ? 'die' : 'die-after') : undefined;
    };
    const outcome = await stage.advanceOrDie(fate);
    if (outcome === 'ended') expectAtRest(stage.state);
    await expectHonest(stage);
    for (let times = dice(3); times >= 0; times--) stage.say(randomCommand(stage.state, dice));
  }
  stage.play = calm;
  for (let round = 0; round < 25; round++) {
    await stage.advance();
    expectAtRest(stage.state);
    await expectHonest(stage);
    const next = patientCommand(stage.state);
    if (!next) break;
    expect(stage.say(next)).toBeNull();
  }
  expect(['delivered', 'finished', 'cancelled']).toContain(stage.state.stage.name);
  expect(approved).toBe(true);
}

const seeds = Number(process.env['DEVFACTORY_SEEDS'] ?? 24);
const first = Number(process.env['DEVFACTORY_SEED'] ?? 1);

test.each(Array.from({ length: seeds }, (_, index) => first + index))(
  'any order of words, deaths and misbehaviour ends at rest and honest (seed %i)',
  async (seed) => {
    const dice = diceOf(seed * 7919);
    const stage: RunStage = new RunStage(
      engine,
      wild(() => stage, dice),
    );
    await stage.begin({
      autonomy: dice(2) === 0 ? 'auto' : 'approve-plan',
      deliverUnproven: dice(4) === 0,
    });
    stage.say({ do: 'add-requirement', text: 'file R-1.txt', priority: 'must' });
    try {
      await live(stage, dice);
    } catch (error) {
      throw new Error(
        `seed ${seed}: ${stage.log.events
          .slice(-60)
          .map((event) => event.type)
          .join(' ')}`,
        { cause: error },
      );
    } finally {
      stage.dispose();
    }
  },
);
