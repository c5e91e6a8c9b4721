import { requirementViews } from '@devfactory/contracts';
import { afterEach, expect, test } from 'vitest';
import { ask, finish, propose, RunStage, wants, write, type Play } from '../../test/run-stage.ts';
import { advanceRun } from './advance.ts';
import { planApproved, specDigest } from './approve.ts';

const engine = { advanceRun, planApproved, specDigest };

const stages: RunStage[] = [];
afterEach(() => stages.splice(0).forEach((stage) => stage.dispose()));
const stageOf = (play: Play): RunStage => {
  const stage = new RunStage(engine, play);
  stages.push(stage);
  return stage;
};
const statuses = (stage: RunStage): string[] => requirementViews(stage.state).map((view) => view.status);

/** Plans one file, writes it, and finishes. */
const honest: Play = ({ purpose }) =>
  purpose === 'plan' ? [propose(wants('a.txt')), finish] : [write('a.txt'), finish];

test('a run goes from its prompt to a delivered tree that is proven', async () => {
  const stage = await stageOf(honest).begin();
  expect(await stage.advance()).toBe('ended');
  expect(stage.state.stage.name).toBe('delivered');
  expect(statuses(stage)).toEqual(['proven']);
  expect(stage.delivered).toEqual([stage.state.approval?.tree]);
});
test('a delivery tells how far it is, whatever its exporter tells itself', async () => {
  const stage = await stageOf(honest).begin();
  stage.deliver = async ({ tree, progress }) => {
    for (const entry of tree.entries) if (entry.type === 'file') for await (const _ of tree.read(entry));
    progress?.({ phase: 'sending', done: 0, total: null });
  };
  await stage.advance();
  const { exportId } = stage.progress[0]!;
  expect(stage.state.exports.map(({ id }) => id)).toEqual([exportId]);
  expect(stage.progress).toEqual([
    { exportId, phase: 'scanning', done: 1, total: 1 },
    { exportId, phase: 'packing', done: 1, total: 1 },
    { exportId, phase: 'sending', done: 0, total: null },
  ]);
});
test('an agent that only claims to be done proves and delivers nothing', async () => {
  const stage = await stageOf(({ purpose }) =>
    purpose === 'plan' ? [propose(wants('a.txt')), finish] : [finish],
  ).begin();
  expect(await stage.advance()).toBe('waiting');
  expect(stage.state.stage).toMatchObject({ name: 'waiting', for: 'review' });
  expect(statuses(stage)).toEqual(['failing']);
  expect(stage.delivered).toEqual([]);
});

test('an agent that asks nothing, again and again, runs out of steps instead of running for ever', async () => {
  const stage = await stageOf(() => [{ tool: 'ask', input: { question: 7 } }]).begin();
  await stage.advance();
  expect(stage.state.turns[0]).toMatchObject({ purpose: 'plan', outcome: 'exhausted' });
  expect(stage.state.stage).toMatchObject({ name: 'waiting', for: 'review' });
});
test('an agent that asks and finishes in one step waits for the answer', async () => {
  const stage = await stageOf(({ state }) => (state.questions.length === 0 ? [ask, finish] : [finish])).begin();
  await stage.advance();
  expect(stage.state.stage).toMatchObject({ name: 'waiting', for: 'answer' });
  stage.say({ do: 'answer', questionId: stage.state.questions[0]?.id ?? '', answer: 'x' });
  await stage.advance();
  expect(stage.state.stage).toMatchObject({ name: 'waiting', for: 'review' });
});
test('an agent that never ends its turn is ended', async () => {
  const stage = await stageOf(() => [{ tool: 'list', input: {} }]).begin();
  await stage.advance();
  expect(stage.state.turns.map((turn) => turn.outcome)).toEqual(['exhausted', 'exhausted']);
  expect(stage.state.stage).toMatchObject({ name: 'waiting', for: 'review' });
});
test('an agent that hangs although it was told to stop does not hold up a pause', async () => {
  const stage = stageOf(() => {
    stage.say({ do: 'pause' });
    return new Promise<never>(() => {});
  });
  await stage.begin();
  expect(await stage.advance()).toBe('waiting');
  expect(stage.state).toMatchObject({ paused: true, steps: [{ ended: false }] });
  stage.play = honest;
  stage.say({ do: 'resume' });
  expect(await stage.advance()).toBe('ended');
  expect(statuses(stage)).toEqual(['proven']);
});
test('an agent that throws fails the run with its words, and the same step is asked again on resume', async () => {
  const stage = await stageOf(() => Promise.reject(new Error('no such model'))).begin();
  await stage.advance();
  expect(stage.state.stage).toMatchObject({
    name: 'failed',
    code: 'agent_failed',
    reason: expect.stringContaining('no such model'),
  });
  stage.play = honest;
  expect(stage.say({ do: 'resume' })).toBeNull();
  expect(await stage.advance()).toBe('ended');
  expect(stage.state.steps[0]?.step).toBe(1);
  expect(statuses(stage)).toEqual(['proven']);
});
test('very many calls with the same id, odd tools and long texts leave a run that goes on', async () => {
  const many = Array.from({ length: 150 }, (_, index) => ({
    id: 'same',
    tool: index % 2 ? 'ask' : '工'.repeat(100),
    input: { question: '😀'.repeat(2000), bad: index },
  }));
  const stage = await stageOf(({ purpose, history }) =>
    history.length === 0 ? many : honest({ purpose } as never, AbortSignal.abort()),
  ).begin();
  expect(await stage.advance()).toBe('ended');
  expect(stage.state.steps[0]?.calls).toHaveLength(100);
  expect(statuses(stage)).toEqual(['proven']);
});
test('a plan that is proposed twice is tracked with every number once', async () => {
  const stage = await stageOf(({ purpose }) =>
    purpose === 'plan'
      ? [
          propose(wants('a.txt')),
          propose(wants('a.txt')),
          propose(wants('a.txt', 'R-1'), wants('b.txt', 'R-1')),
          finish,
        ]
      : [write('a.txt'), finish],
  ).begin();
  await stage.advance();
  expect(stage.state.requirements.map((item) => item.id)).toEqual(['R-1', 'R-2']);
  expect(stage.state.checks.map((item) => [item.id, item.requirementId])).toEqual([
    ['C-1', 'R-1'],
    ['C-2', 'R-2'],
  ]);
  expect(stage.state.steps[0]?.calls[2]).toMatchObject({
    outcome: 'error',
    excerpt: expect.stringContaining('R-1 is there twice'),
  });
});
test('a requirement that a person adds while a proposal is on its way keeps its number and gets no checks of the other', async () => {
  const stage = await stageOf(honest).begin();
  stage.log.beforeAppend = (events) => {
    if (events.some((event) => event.type === 'check.proposed') && stage.state.requirements.length === 0)
      stage.say({ do: 'add-requirement', text: 'mine', priority: 'must' });
    return undefined;
  };
  await stage.advance();
  expect(stage.state.requirements.map((item) => [item.id, item.text, item.origin])).toEqual([
    ['R-1', 'mine', 'person'],
    ['R-2', 'there is a.txt', 'agent'],
    ['R-3', 'there is a.txt', 'agent'],
  ]);
  expect(statuses(stage)).toEqual(['unchecked', 'proven', 'proven']);
});
test('a removed number is not given again to what the agent proposes', async () => {
  const stage = await stageOf(({ purpose, state }) =>
    purpose === 'plan' ? [propose(wants(`${state.plan.proposed}.txt`)), finish] : [finish],
  ).begin({ autonomy: 'approve-plan' });
  await stage.advance();
  stage.say({ do: 'waive-requirement', id: 'R-1', reason: 'x' });
  stage.say({ do: 'remove-requirement', id: 'R-1' });
  stage.say({ do: 'return-plan', version: 1, feedback: 'another' });
  await stage.advance();
  expect(requirementViews(stage.state).map((view) => [view.id, view.mark])).toEqual([['R-2', null]]);
});
test('on an empty base nothing can be kept, so such a check proves nothing', async () => {
  const kept = {
    text: 'x',
    checks: [{ title: 'always', intent: 'keep', spec: { kind: 'command', argv: ['true'], expect: { exitCode: 0 } } }],
  };
  const stage = await stageOf(() => [propose(kept), finish]).begin();
  await stage.advance();
  expect(stage.state.requirements).toEqual([]);
  expect(stage.state.steps[0]?.calls[0]).toMatchObject({ outcome: 'error' });
});
