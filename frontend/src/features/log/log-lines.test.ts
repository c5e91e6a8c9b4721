import { expect, test } from 'vitest';
import { working } from '../../../test/replay/library.ts';
import { Story } from '../../../test/replay/story.ts';
import { fromHit, hits, pickLines, stepOf, toLogLine, wordsOf } from './log-lines.ts';

const lines = working(new Story(`run_${'t'.repeat(16)}`, new Date(0))).events.map(toLogLine);
const types = (find: string, kind?: 'work' | 'proof' | 'people' | 'faults'): string[] => [
  ...new Set(pickLines(lines, { find, kind }).map((line) => line.event.type)),
];

test('finds events that hold every word, whatever their case and wherever they stand', () => {
  expect(types('PLAN.approved person')).toEqual(['plan.approved']);
  expect(types('step=3 pytest')).toContain('tool.started');
  expect(types('nothing-of-the-kind')).toEqual([]);
});

test('narrows the log to what one came to ask', () => {
  expect(types('', 'people')).toContain('feedback.given');
  expect(types('', 'people')).not.toContain('step.started');
  expect(types('', 'faults')).toEqual(['tool.ended', 'egress.decided']);
  expect(types('', 'proof')).toContain('evidence.recorded');
});

test('writes an event as names and values, with no empty ones', () => {
  const line = lines.find(({ event }) => event.type === 'step.started');
  expect(line?.text).toMatch(/^step=\d+ {2}turn=\d+$/);
  expect(line && stepOf(line.event)).toBeGreaterThan(0);
});

test('begins a long line near what was found in it', () => {
  const text = `${'x'.repeat(60)} needle behind`;
  expect(fromHit(text, ['needle'])).toBe(`…${'x'.repeat(11)} needle behind`);
  expect(fromHit(text, ['nothing'])).toBe(text);
  expect(fromHit(text, [])).toBe(text);
});

test('marks every hit and keeps the text as it is', () => {
  const found = hits('a+b and A+B', wordsOf('a+b'));
  expect(found.map((part) => [part.text, part.hit])).toEqual([
    ['a+b', true],
    [' and ', false],
    ['A+B', true],
  ]);
});
