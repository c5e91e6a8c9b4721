import { foldRun } from '@devfactory/contracts';
import { expect, test } from 'vitest';
import { inReview, long } from '../../../test/replay/library.ts';
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
