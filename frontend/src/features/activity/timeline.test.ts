import { foldRun, type RunEvent } from '@devfactory/contracts';
import { expect, test } from 'vitest';
import { long } from '../../../test/replay/library-endings.ts';
import { inReview } from '../../../test/replay/library.ts';
import { Story } from '../../../test/replay/story.ts';
import { failures, timeline } from './timeline.ts';

const story = (): Story => new Story(`run_${'t'.repeat(16)}`, new Date(0));

test('tells a run in the order in which it happened', () => {
  const told = inReview(story());
  const rows = timeline(told.events);
  expect(rows.map((row) => row.seq)).toEqual(rows.map((row) => row.seq).toSorted((a, b) => a - b));
  expect(rows.map((row) => (row.kind === 'fact' ? row.fact.title : row.kind))).toEqual([
    'prompt',
    'turn',
    'step',
    'The agent cannot meet R-5',
    'Plan 1 proposed',
    'Waits for you',
    'Plan 1 approved',
    'verification',
    'turn',
    'step',
    'feedback',
    'step',
    'Refused to let it reach 1 host',
    'feedback',
    'question',
    'step',
    'You answered',
    'The agent says it is done',
    'verification',
    'judging',
    'Waits for you',
  ]);
});

test('counts a failed call and checks that did not pass, but not what the base lacks', () => {
  const told = inReview(story());
  const state = foldRun(told.events);
  if (!state) throw new Error('no state');
  expect(
    failures(timeline(told.events), state).map((row) => (row.kind === 'step' ? `step ${row.step}` : row.kind)),
  ).toEqual(['step 3', 'verification']);
});

test('tells ten thousand events within a frame or two', () => {
  const told = long(story(), 1000);
  const begun = performance.now();
  expect(timeline(told.events).length).toBeGreaterThan(1000);
  expect(performance.now() - begun).toBeLessThan(100);
});

test('tells what came of judging checks, as far as it has come, and when it was broken off', () => {
  const { events } = inReview(story());
  const judging = (told: readonly RunEvent[]) => timeline(told).filter((row) => row.kind === 'judging');
  expect(judging(events)).toMatchObject([{ checks: 4, ids: ['m-C-1', 'm-C-3', 'm-C-4', 'm-C-5'], over: true }]);
  const begun = events.findIndex(({ type }) => type === 'mutation.started');
  const soFar = events.slice(0, begun + 3);
  expect(judging(soFar)).toMatchObject([{ ids: ['m-C-1', 'm-C-3'], over: false }]);
  const [, ...later] = events.slice(begun - 1, begun + 2).map((event) => ({ ...event, seq: event.seq + 1000 }));
  expect(judging([...soFar, ...later])).toMatchObject([
    { ids: ['m-C-1', 'm-C-3'], over: true },
    { ids: ['m-C-1'], over: false },
  ]);
});
