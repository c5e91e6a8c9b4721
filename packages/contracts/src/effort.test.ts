import { expect, test } from 'vitest';
import {
  approved,
  base,
  by,
  checked,
  fold,
  made,
  planned,
  seen,
  step,
  tree,
  turn,
  wish,
  type Fact,
} from '../test/facts.ts';
import { effortByRequirement } from './index.ts';

const answered = (number: number, tokens: number): Fact[] => [
  {
    type: 'step.answered',
    data: {
      step: number,
      body: base,
      text: '',
      calls: [],
      goesOn: false,
      usage: {
        inputTokens: tokens,
        cachedTokens: tokens / 2,
        outputTokens: 10,
        reasoningTokens: 4,
        costUsd: tokens / 1000,
      },
    },
  },
  { type: 'step.ended', data: { step: number, durationMs: 600, checkpointId: null } },
];

test('what a turn took is shared by the requirements that were open in it, and planning by none', () => {
  const state = fold([
    wish('R-2'),
    ...planned.slice(0, -1),
    ...answered(1, 9000),
    ...planned.slice(-1),
    approved,
    seen({ tree: base, onBase: true, verdict: 'failed', cause: 'assertion', durationMs: 5 }),
    turn(2, 'work'),
    step(2, 2),
    ...answered(2, 1000),
    made('ck-1', tree, 'step'),
    seen({ durationMs: 70 }),
    seen({ durationMs: 70, carriedFrom: { id: 'e', checkpointId: 'ck-1', tree } }),
    turn(3, 'repair'),
    step(3, 3),
    ...answered(3, 400),
  ]);
  const efforts = effortByRequirement(state);
  expect(efforts.get('R-1')).toMatchObject({
    usage: { inputTokens: 500, cachedTokens: 250, outputTokens: 5, reasoningTokens: 2, costUsd: 0.5 },
    stepMs: 300,
    checkMs: 75,
  });
  expect(efforts.get('R-2')).toMatchObject({ usage: { inputTokens: 900 }, stepMs: 900, checkMs: 0 });
});

test('a requirement that a person waived has no part in what comes after', () => {
  const state = fold([
    ...planned,
    checked('C-2', 'R-1'),
    approved,
    by({ type: 'requirement.waived', data: { id: 'R-1', reason: 'later' } }),
    turn(2, 'work'),
    step(2, 2),
    ...answered(2, 1000),
  ]);
  expect(effortByRequirement(state).get('R-1')?.usage.inputTokens).toBe(0);
});
