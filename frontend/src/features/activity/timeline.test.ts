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

test('tells what came of judging checks, as far as it has come, and when it was broken off', () => {
  const told = inReview(story());
  const tree = 'a'.repeat(64);
  const mutation = {
    checkId: 'C-1',
    checkVersion: 1,
    checkDigest: tree,
    requirementId: 'R-1',
    checkpointId: 'ck-1',
    tree,
    baseTree: 'b'.repeat(64),
    outcome: 'judged' as const,
    killed: 1,
    survived: 0,
    unusable: 0,
    agrees: [],
    reason: '',
    survivors: [],
    body: null,
    durationMs: 1,
  };
  const judging = () => timeline(told.events).filter((row) => row.kind === 'judging');
  told.tell('mutation.started', { checkpointId: 'ck-1', tree, checks: 2 });
  told.tell('mutation.recorded', { mutation: { ...mutation, id: 'm-1' } });
  expect(judging()).toMatchObject([{ checks: 2, ids: ['m-1'], over: false }]);
  told.tell('run.paused', {});
  told.tell('mutation.started', { checkpointId: 'ck-1', tree, checks: 1 });
  told.tell('mutation.recorded', { mutation: { ...mutation, id: 'm-2' } });
  expect(judging()).toMatchObject([
    { checks: 2, ids: ['m-1'], over: true },
    { checks: 1, ids: ['m-2'], over: false },
  ]);
});
