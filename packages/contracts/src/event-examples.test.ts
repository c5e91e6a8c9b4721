import { expect, test } from 'vitest';
import saved from './event-examples.json' with { type: 'json' };
import {
  eventTypes,
  foldEvent,
  foldRun,
  limits,
  parseNewEvent,
  readEvent,
  utf8Length,
  type NewEvent,
  type RunEvent,
} from './index.ts';

// Saved once and never edited: a version that cannot read these cannot read its users' runs. A new shape is one more example.
const examples = saved as unknown as RunEvent[];

test('there is an example of each event', () => {
  expect([...new Set(examples.map((event) => event.type))].toSorted()).toEqual([...eventTypes].toSorted());
});
test.each(examples.map((event) => [event.type, event] as const))(
  'an old %s still reads and would still be written',
  (_, event) => {
    expect(readEvent(event)).toEqual(event);
    const { type, actor, data } = event;
    expect(parseNewEvent({ type, actor, data } as NewEvent)).toEqual({ type, actor, data });
    expect(utf8Length(JSON.stringify(data))).toBeLessThan(limits.eventBytes);
  },
);
test.each(examples.map((event) => [event.type, event] as const))(
  '%s with an unknown field is refused when written and passes when read',
  (_, event) => {
    const data: object = { ...event.data, later: true };
    const newer = { ...event, data } as RunEvent;
    expect(() => parseNewEvent(newer as NewEvent)).toThrow(/later/);
    expect(readEvent(newer)).toEqual(newer);
  },
);
test('an event of a later version is skipped and its place still counts', () => {
  expect(readEvent({ ...examples[1], type: 'dream.dreamt' })).toBeNull();
});
test('an event that names an Object property is no known type', () => {
  expect(readEvent({ ...examples[1], type: 'constructor' })).toBeNull();
});
test('the examples fold to one state, whatever is repeated', () => {
  const state = foldRun(examples);
  expect(state).toMatchObject({
    seq: examples.length,
    stage: { name: 'cancelled' },
    head: 'ck-0',
    usage: { outputTokens: 8 },
    model: 'anthropic/claude-x',
    budgetUsd: 5,
    modelCall: { callId: 'm-2', attempt: 2, outcome: 'answered' },
  });
  expect(state?.requirements).toHaveLength(1);
  expect(foldRun(examples, state)).toEqual(state);
  expect(foldRun(examples.flatMap((event) => [event, event]))).toEqual(state);
});
test('folding changes no state that was handed out before', () => {
  let state = foldEvent(null, examples[0] as RunEvent);
  for (const event of examples.slice(1)) {
    const before = JSON.stringify(state);
    const next = foldEvent(state, event);
    expect(JSON.stringify(state)).toBe(before);
    state = next;
  }
});
