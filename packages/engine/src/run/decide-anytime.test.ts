import type { CreateRun, NewEvent, Fact } from '@devfactory/contracts';
import { expect, test } from 'vitest';
import {
  approved,
  began,
  checkProposed,
  digest,
  feedback,
  headHash,
  locked,
  made,
  planned,
  proposed,
  said,
  seen,
  stateAfter,
  turn,
  wish,
  worked,
} from '../../test/facts.ts';
import type { Action } from './action.ts';
import { decide } from './decide.ts';

type Facts = readonly (Fact | NewEvent)[];
const other = 'd'.repeat(64);
const next = (facts: Facts, request: Partial<CreateRun> = {}): Action =>
  decide(stateAfter(facts, request), { repairs: 2 });
const auto = { autonomy: 'auto' } as const;
const proven = [...worked, seen('passed', 'head')];
const review = began(next(proven));
const failing = [...worked, seen('failed', 'head'), ...turn(3, 'repair')];
const ask: Fact = { type: 'question.asked', data: { questionId: 'q', question: 'Which?', options: [] } };
const asked: Fact[] = [
  ...approved,
  seen('failed', 'base'),
  { type: 'turn.started', data: { turn: 2, purpose: 'work', why: '' } },
  ask,
  { type: 'turn.ended', data: { turn: 2, outcome: 'asked', summary: '' } },
];
const requested = said({ type: 'restore.requested', data: { checkpointId: 'ck-0' } });

// The engine decides, a person speaks, and only then is the engine's event written: the word must not be lost under the wait.
test.each<[string, Facts, Fact, object]>([
  ['feedback', [...proven, feedback], review, { do: 'turn', purpose: 'work' }],
  ['a restore', [...proven, requested], review, { do: 'restore' }],
  ['a requirement', [...proven, said(wish('R-2'))], review, { do: 'turn', purpose: 'plan' }],
  [
    'a return of the plan',
    [...planned, said({ type: 'plan.returned', data: { version: 1, feedback: 'no' } })],
    began(next(planned)),
    { do: 'turn', purpose: 'plan' },
  ],
  ['the approval of the plan', [...planned, said(locked(1))], began(next(planned)), { do: 'verify', onBase: true }],
  [
    'the answer',
    [...asked, said({ type: 'question.answered', data: { questionId: 'q', answer: 'x' } })],
    began(next(asked)),
    { do: 'turn', purpose: 'work' },
  ],
])('%s that crosses the beginning of a wait ends that wait', (...row) => {
  const [, facts, wait, expected] = row;
  expect(next([...facts, wait])).toMatchObject(expected);
});
test('while a person edits a waiting plan it does not go back to the agent by itself', () => {
  const waiting = [...planned, began(next(planned)), said(wish('R-2'))];
  expect(next(waiting)).toEqual({ do: 'rest' });
  expect(next([...waiting, said({ type: 'plan.returned', data: { version: 1, feedback: 'see R-2' } })])).toMatchObject({
    do: 'turn',
    purpose: 'plan',
  });
});
test('what was said while the run was paused is taken up when it goes on', () => {
  const paused = [...proven, review, said({ type: 'run.paused', data: {} }), feedback];
  expect(next(paused)).toEqual({ do: 'rest' });
  expect(next([...paused, said({ type: 'run.resumed', data: {} })])).toMatchObject({ do: 'turn', purpose: 'work' });
});
test('a review says anew what is proven when a requirement is gone', () => {
  const two = [...worked.slice(0, 1), wish('R-2'), ...worked.slice(1), seen('passed', 'head')];
  const wait = began(next(two));
  expect(wait.data).toMatchObject({ sentence: expect.stringContaining('not proven: R-2') });
  expect(next([...two, wait, said({ type: 'requirement.removed', data: { id: 'R-2' } })])).toMatchObject({
    do: 'wait',
    sentence: expect.stringContaining('The one requirement is proven'),
  });
});
test('with all requirements removed a person is asked, and nothing is approved on the spot', () => {
  const gone = [...proven, review, said({ type: 'requirement.removed', data: { id: 'R-1' } })];
  expect(next(gone, auto)).toMatchObject({ do: 'wait', for: 'review' });
});
test('a waived requirement is still not proven, so autonomy auto goes on waiting', () => {
  const waived = [...failing, said({ type: 'requirement.waived', data: { id: 'R-1', reason: 'x' } })];
  expect(next(waived, auto)).toMatchObject({
    do: 'wait',
    for: 'review',
    sentence: expect.stringContaining('not proven: R-1'),
  });
});
test('an agent that brings a new plan with each turn of work is stopped by a person in the end', () => {
  let facts: Facts = approved;
  for (let number = 2; number < 5; number++) {
    facts = [...facts, ...turn(number, 'work'), wish(`R-${number}`), proposed(number)];
    expect(next(facts, auto)).toEqual({ do: 'lock' });
    facts = [...facts, locked(number)];
  }
  facts = [...facts, ...turn(5, 'work'), wish('R-9'), proposed(5)];
  expect(next(facts, auto)).toMatchObject({ do: 'wait', for: 'plan-approval' });
});
test('an approved check that a later plan changes is never locked on the spot', () => {
  const eased = [...failing, said(wish('R-2')), ...turn(4, 'plan'), checkProposed(2, other), proposed(2)];
  expect(next(eased, auto)).toMatchObject({
    do: 'wait',
    for: 'plan-approval',
    sentence: expect.stringContaining('changed approved checks of R-1'),
  });
  const dropped = [
    ...failing,
    said(wish('R-2')),
    ...turn(4, 'plan'),
    { type: 'check.removed', data: { id: 'C-1' } } as Fact,
    proposed(2),
  ];
  expect(next(dropped, auto)).toMatchObject({ do: 'wait', for: 'plan-approval' });
});
test('new checks for a new wording are what was asked for, and are locked on the spot', () => {
  const reworded = said({ type: 'requirement.reworded', data: { id: 'R-1', version: 2, text: 'y', priority: 'must' } });
  expect(next([...failing, reworded, ...turn(4, 'plan'), checkProposed(2, other), proposed(2)], auto)).toEqual({
    do: 'lock',
  });
});
test('what could not be told is asked again after the next turn, and only then', () => {
  const told = (id: string, onBase: boolean): Fact[] => [
    {
      type: 'verification.started',
      data: { verificationId: id, checkpointId: 'ck-0', tree: digest, onBase, checks: 1 },
    },
    seen('inconclusive', onBase ? 'base' : 'head', id),
  ];
  const first = [...approved, ...told('v1', true)];
  expect(next(first)).toMatchObject({ do: 'turn', purpose: 'work' });
  const second = [...first, ...turn(2, 'work'), made('ck-1', headHash, 'step')];
  expect(next(second)).toMatchObject({ do: 'verify', onBase: true });
  const third = [...second, ...told('v2', true), ...told('v3', false)];
  expect(next(third)).toMatchObject({ do: 'wait', for: 'review' });
  expect(next([...third, feedback, ...turn(3, 'work')])).toMatchObject({ do: 'verify', onBase: true });
});
test('a delivery that was tried again and went well ends the run as delivered', () => {
  const start = (exportId: string): Fact[] => [
    { type: 'export.requested', data: { exportId, destination: { kind: 'zip' } } },
    { type: 'export.started', data: { exportId, tree: headHash } },
  ];
  const failed: Facts = [
    ...proven,
    { type: 'result.approved', data: { checkpointId: 'ck-1', tree: headHash, notProven: [] } },
    ...start('one'),
    { type: 'export.failed', data: { exportId: 'one', reason: 'disk full' } },
  ];
  expect(next(failed)).toMatchObject({
    do: 'finish',
    outcome: 'not-delivered',
    sentence: expect.stringContaining('disk full'),
  });
  const again: Fact = {
    type: 'export.delivered',
    data: { exportId: 'two', tree: headHash, location: 'x', files: [], leftOut: [] },
  };
  expect(next([...failed, ...start('two'), again])).toMatchObject({ do: 'finish', outcome: 'delivered' });
});
test('feedback on a delivered run works on, and what was approved before is delivered no more', () => {
  const delivered: Facts = [
    ...proven,
    { type: 'result.approved', data: { checkpointId: 'ck-1', tree: headHash, notProven: [] } },
    { type: 'run.finished', data: { outcome: 'delivered', sentence: 'Delivered.' } },
  ];
  expect(next(delivered)).toEqual({ do: 'rest' });
  expect(next([...delivered, feedback])).toMatchObject({ do: 'turn', purpose: 'work' });
  expect(
    next([
      ...delivered,
      feedback,
      { type: 'feedback.delivered', data: { feedbackId: 'f', step: 1 } },
      ...turn(3, 'work'),
    ]),
  ).toMatchObject({ do: 'wait', for: 'review' });
});
test('a question of any length can be waited for', () => {
  const long: Facts = asked.map((fact) =>
    fact === ask ? { ...ask, data: { ...ask.data, question: '😀'.repeat(2000) } } : fact,
  );
  const wait = next(long);
  expect(wait).toMatchObject({ do: 'wait', for: 'answer' });
  expect(next([...long, began(wait)])).toEqual({ do: 'rest' });
});
