import { requirementViews } from '@devfactory/contracts';
import { expect, test } from 'vitest';
import { ask, finish, propose, RunStage, shell, wants, write, type Play } from '../../test/run-stage.ts';
import { advanceRun } from './advance.ts';
import { planApproved, specDigest } from './approve.ts';

const engine = { advanceRun, planApproved, specDigest };

/** Plans, asks, works in two steps that leave a trace of each execution, and is repaired once. */
const play: Play = ({ purpose, state, turn }) => {
  if (purpose === 'plan') return [propose(wants('a.txt'), wants('b.txt')), finish];
  if (state.questions.length === 0) return [ask, finish];
  if (purpose === 'repair') return [write('b.txt'), finish];
  const steps = state.steps.filter((step) => step.turn === turn).length;
  return steps <= 1 ? [shell('echo once >> trace.txt'), write('a.txt')] : [shell('echo twice >> trace.txt'), finish];
};

/** Until nothing goes on any more; a person answers what is asked. */
async function toTheEnd(stage: RunStage): Promise<void> {
  for (let round = 0; round < 5; round++) {
    if ((await stage.advance()) === 'ended') return;
    const open = stage.state.questions.find((question) => question.answer === null);
    if (open) stage.say({ do: 'answer', questionId: open.id, answer: 'this' });
  }
}

function checkWhole(stage: RunStage): void {
  const { state } = stage;
  expect(state.stage.name).toBe('delivered');
  expect(requirementViews(state).map((view) => view.status)).toEqual(['proven', 'proven']);
  // Looked at before acting twice: the exporter may be called again, but only ever with the approved tree.
  expect(new Set(stage.delivered)).toEqual(new Set([state.approval?.tree]));
  expect(state.exports).toMatchObject([{ arrival: { verdict: 'passed', tree: state.approval?.tree, passed: 2 } }]);
  expect(state.turns.every((turn) => turn.outcome !== null)).toBe(true);
  expect(state.steps.every((step) => step.ended)).toBe(true);
  expect(state.verifications.every((item) => item.outcome !== 'running')).toBe(true);
  const started = stage.log.events.flatMap((event) => (event.type === 'tool.started' ? [event.data.callId] : []));
  expect(started).toEqual([...new Set(started)]);
  expect(state.questions).toHaveLength(1);
  const ids = state.requirements.map((item) => item.id);
  expect(ids).toEqual([...new Set(ids)]);
  expect(state.turns.map((turn) => turn.purpose)).toEqual(['plan', 'work', 'work', 'repair']);
}

async function appendsOfWholeRun(): Promise<number> {
  const stage = await new RunStage(engine, play).begin();
  try {
    await toTheEnd(stage);
    checkWhole(stage);
    return stage.log.appends;
  } finally {
    stage.dispose();
  }
}

test.each(['die', 'die-after'] as const)(
  'a worker that meets "%s" at any append is continued to the same end',
  async (fate) => {
    const appends = await appendsOfWholeRun();
    expect(appends).toBeGreaterThan(30);
    for (let at = 1; at <= appends; at++) {
      const stage = await new RunStage(engine, play).begin();
      try {
        let append = 0;
        const dies = (): typeof fate | undefined => (++append === at ? fate : undefined);
        for (let round = 0; round < 3 && append < at; round++) {
          if ((await stage.advanceOrDie(dies)) === 'died') break;
          const open = stage.state.questions.find((question) => question.answer === null);
          if (open) stage.say({ do: 'answer', questionId: open.id, answer: 'this' });
        }
        await toTheEnd(stage);
        checkWhole(stage);
      } catch (error) {
        throw new Error(`killed at append ${at}: ${stage.log.events.map((event) => event.type).join(' ')}`, {
          cause: error,
        });
      } finally {
        stage.dispose();
      }
    }
  },
);

test('a workspace that is lost comes back whole, also when the worker dies in the middle of that', async () => {
  const stage = await new RunStage(engine, ({ purpose, state }) => {
    if (purpose === 'plan') return [propose(wants('a.txt'), wants('b.txt')), finish];
    return state.feedback.length === 0
      ? [write('a.txt'), write('b.txt'), finish]
      : [shell('cat a.txt b.txt > c.txt'), finish];
  }).begin({ autonomy: 'approve-plan' });
  try {
    await stage.advance();
    stage.say({ do: 'approve-plan', version: 1 });
    await stage.advance();
    stage.dispose();
    stage.reopen();
    stage.say({ do: 'feedback', text: 'more', mode: 'steer' });
    // The first events of the next turn, then the loss of the files, which is written down before the first of them comes back.
    const opens = (): 'die' | undefined => (stage.state.rebuilding === null ? undefined : 'die');
    expect(await stage.advanceOrDie(opens)).toBe('died');
    stage.damage('b.txt');
    await stage.advance();
    expect(stage.state.stage).toMatchObject({ name: 'waiting', for: 'review' });
    expect(stage.read('b.txt')).toBe('x');
    expect(stage.state.checkpoints.every((item) => item.changed.removed === 0)).toBe(true);
  } finally {
    stage.dispose();
  }
}, 180_000);
