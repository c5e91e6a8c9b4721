import { expect, test } from 'vitest';
import {
  tree,
  digest,
  by,
  wish,
  made,
  checked,
  seen,
  turn,
  step,
  proposed,
  approved,
  result,
  wanted,
  planned,
  worked,
  fold,
  type Fact,
  type Said,
} from '../test/facts.ts';
import { refuseCommand, requirementViews } from './index.ts';

const view = (facts: readonly Said[]) => requirementViews(fold(facts))[0];

test.each<[string, Fact]>([
  ['a wait', { type: 'wait.began', data: { for: 'review', sentence: '' } }],
  ['a turn', turn(9, 'work')],
  [
    'a verification',
    {
      type: 'verification.started',
      data: { verificationId: 'v', checkpointId: 'ck-1', tree, onBase: false, checks: 1 },
    },
  ],
  ['an approval', result],
  ['a fault', { type: 'run.failed', data: { code: 'x', reason: 'y' } }],
  ['an end', { type: 'run.finished', data: { outcome: 'delivered', sentence: '' } }],
])('a cancelled run stays cancelled when %s that was being written comes after it', (_, fact) => {
  expect(fold([...worked, { type: 'run.cancelled', data: {} }, fact]).stage.name).toBe('cancelled');
});
test('what was under way when a run was cancelled is interrupted, and a call that ended all the same says so', () => {
  const answer: Fact = {
    type: 'step.answered',
    data: {
      step: 2,
      body: digest,
      text: '',
      calls: ['a', 'b', 'c'].map((id) => ({ id, tool: 'shell', title: '' })),
      usage: { inputTokens: 0, cachedTokens: 0, outputTokens: 0, costUsd: 0 },
    },
  };
  const started = (callId: string): Fact => ({
    type: 'tool.started',
    data: { step: 2, callId, tool: 'shell', title: '' },
  });
  const ended: Fact = {
    type: 'tool.ended',
    data: { step: 2, callId: 'b', outcome: 'ok', exitCode: 0, durationMs: 1, excerpt: '', body: digest },
  };
  const verifying: Fact = {
    type: 'verification.started',
    data: { verificationId: 'v', checkpointId: 'ck-1', tree, onBase: false, checks: 1 },
  };
  const before = [...planned, turn(2, 'work'), step(2, 2), answer, started('a'), started('b'), verifying];
  const state = fold([...before, { type: 'run.cancelled', data: {} }, ended]);
  const calls = state.steps.at(-1)?.calls.map(({ callId, outcome }) => [callId, outcome]);
  expect(calls).toEqual([
    ['a', 'interrupted'],
    ['b', 'ok'],
    ['c', 'pending'],
  ]);
  expect(state.verifications.at(-1)?.outcome).toBe('interrupted');
});
test('a person and the agent taking the same number get two requirements, each with its own checks', () => {
  const state = fold([
    turn(1, 'plan'),
    step(1, 1),
    by(wish('R-1', 'mine')),
    wish('R-1', 'of the agent'),
    checked('C-1', 'R-1'),
    { type: 'requirement.declined', data: { id: 'R-1', reason: 'no' } },
  ]);
  expect(state.requirements.map((item) => [item.id, item.text, item.cannot])).toEqual([
    ['R-1', 'mine', undefined],
    ['R-2', 'of the agent', 'no'],
  ]);
  expect(state.checks.map((item) => item.requirementId)).toEqual(['R-2']);
  expect(state.highestRequirement).toBe(2);
});
test('the numbers are as written again after that proposal', () => {
  const ended: Fact = {
    type: 'tool.ended',
    data: { step: 1, callId: 'c', outcome: 'ok', exitCode: null, durationMs: 0, excerpt: '', body: digest },
  };
  expect(
    fold([turn(1, 'plan'), step(1, 1), by(wish('R-1')), wish('R-1'), ended, checked('C-1', 'R-1')]).checks[0]
      ?.requirementId,
  ).toBe('R-1');
});
test('a wish that comes while a plan is made leaves that plan stale', () => {
  expect(fold([turn(1, 'plan'), step(1, 1), by(wish('R-2')), proposed(1)]).plan.stale).toBe(true);
  expect(fold([turn(1, 'plan'), by(wish('R-2')), step(1, 1), proposed(1)]).plan.stale).toBe(false);
});
test('a plan sent back while another is made is not answered by that one', () => {
  const returned = by({ type: 'plan.returned', data: { version: 1, feedback: 'no' } });
  expect(fold([...planned, turn(2, 'plan'), returned, proposed(2)]).plan.returned).toBe('no');
  expect(fold([...planned, returned, turn(2, 'plan'), proposed(2)]).plan.returned).toBeNull();
});
test('a person who approves after all takes their return back, the factory does not', () => {
  const returned = by({ type: 'plan.returned', data: { version: 1, feedback: 'no' } });
  expect(fold([...planned, returned, by(approved)]).plan.returned).toBeNull();
  expect(fold([...planned, returned, approved]).plan.returned).toBe('no');
});
test('a second restore that is asked for during the first is not forgotten', () => {
  const ask = (checkpointId: string): Fact => ({ type: 'restore.requested', data: { checkpointId } });
  const done: Fact = { type: 'checkpoint.restored', data: { checkpointId: 'ck-0' } };
  expect(fold([...worked, ask('ck-0'), ask('ck-1'), done]).restoreRequested).toBe('ck-1');
  expect(fold([...worked, ask('ck-0'), done]).restoreRequested).toBeNull();
});
test('an approval does not outlive a restore, and its undelivered exports end', () => {
  const state = fold([
    ...worked,
    { type: 'restore.requested', data: { checkpointId: 'ck-0' } },
    result,
    wanted,
    { type: 'checkpoint.restored', data: { checkpointId: 'ck-0' } },
  ]);
  expect(state.approval).toBeNull();
  expect(state.exports).toMatchObject([{ state: 'failed', tree: null }]);
});
test('a new turn ends what was not delivered yet, so that nothing is delivered twice', () => {
  expect(fold([...worked, result, wanted, turn(3, 'work')]).exports.map((item) => item.state)).toEqual(['failed']);
});
test('feedback of a step that never answered waits again', () => {
  const given = by({ type: 'feedback.given', data: { feedbackId: 'f', mode: 'steer', text: 'x' } });
  const taken: Said[] = [
    ...worked,
    given,
    step(2, 2),
    { type: 'feedback.delivered', data: { feedbackId: 'f', step: 2 } },
  ];
  const ended: Fact = { type: 'step.ended', data: { step: 2, durationMs: 0, checkpointId: null } };
  const answered: Fact = {
    type: 'step.answered',
    data: {
      step: 2,
      body: digest,
      text: '',
      calls: [],
      usage: { inputTokens: 0, cachedTokens: 0, outputTokens: 0, costUsd: 0 },
    },
  };
  expect(fold([...taken, ended]).feedback[0]?.deliveredAt).toBeNull();
  expect(fold([...taken, answered, ended]).feedback[0]?.deliveredAt).toBe(2);
});
test('a new wording takes back what was said about the old one', () => {
  const waived = by({ type: 'requirement.waived', data: { id: 'R-1', reason: 'x' } });
  const reworded = by({ type: 'requirement.reworded', data: { id: 'R-1', version: 2, text: 'y', priority: 'must' } });
  expect(view([...worked, waived])).toMatchObject({ status: 'proven', mark: { kind: 'waived' } });
  const state = fold([
    ...worked,
    { type: 'requirement.declined', data: { id: 'R-1', reason: 'no' } },
    waived,
    reworded,
  ]);
  expect(state.marks).toEqual({});
  expect(state.requirements[0]?.cannot).toBeUndefined();
  expect(view([...worked, waived, reworded])).toMatchObject({ status: 'stale', mark: null });
});
test('a removed requirement leaves no mark behind', () => {
  const waived = by({ type: 'requirement.waived', data: { id: 'R-1', reason: 'x' } });
  expect(fold([...worked, waived, by({ type: 'requirement.removed', data: { id: 'R-1' } })]).marks).toEqual({});
});
test('what a person accepted on one tree is not accepted on another, and never proven', () => {
  const accepted = by({ type: 'requirement.accepted', data: { id: 'R-1', reason: 'x', tree } });
  expect(view([...planned, made('ck-1', tree, 'step'), accepted])).toMatchObject({
    status: 'unchecked',
    mark: { kind: 'accepted' },
  });
  expect(view([...planned, made('ck-1', tree, 'step'), accepted, made('ck-2', 'd'.repeat(64), 'step')])).toMatchObject({
    mark: null,
  });
});
test('a requirement shows the evidence its standing rests on, not a later one of another tree', () => {
  const later: Fact[] = [
    made('ck-2', 'd'.repeat(64), 'step'),
    seen({ id: 'later', tree: 'd'.repeat(64), verdict: 'failed', cause: 'assertion' }),
  ];
  const back: Fact[] = [
    { type: 'restore.requested', data: { checkpointId: 'ck-1' } },
    { type: 'checkpoint.restored', data: { checkpointId: 'ck-1' } },
  ];
  expect(view([...worked, ...later])).toMatchObject({ status: 'failing', checks: [{ latest: { id: 'later' } }] });
  expect(view([...worked, ...later, ...back])).toMatchObject({
    status: 'proven',
    checks: [{ latest: { id: 'e', tree } }],
  });
});
test('a failed run goes on when it is resumed, also when nothing was planned yet', () => {
  const failed: Fact = { type: 'run.failed', data: { code: 'x', reason: 'y' } };
  const resumed = by({ type: 'run.resumed', data: {} });
  expect(refuseCommand(fold([failed]), { do: 'resume' })).toBeNull();
  expect(fold([failed, resumed]).stage.name).toBe('planning');
  expect(fold([...worked, failed, resumed]).stage.name).toBe('working');
});
test('a finished run cannot be paused, so that later feedback is not stuck behind it', () => {
  expect(
    refuseCommand(fold([...worked, { type: 'run.finished', data: { outcome: 'delivered', sentence: '' } }]), {
      do: 'pause',
    })?.code,
  ).toBe('not_running');
});
test('more requirements than can be tracked are refused', () => {
  const many = Array.from({ length: 200 }, (_, index) => by(wish(`R-${index + 1}`)));
  expect(refuseCommand(fold(many), { do: 'add-requirement', text: 'x', priority: 'must' })?.code).toBe(
    'too_many_requirements',
  );
});
