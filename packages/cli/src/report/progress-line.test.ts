import { expect, test } from 'vitest';
import { plainPaint } from '../terminal.ts';
import { ProgressLines } from './progress-line.ts';

test('a long delivery says now and then how far it is, a short one nothing', () => {
  let now = 0;
  const said: string[] = [];
  const lines = new ProgressLines(
    (line) => said.push(line),
    plainPaint,
    () => now,
  );
  const at = (exportId: string, done: number, total: number | null = 2_000_000_000): void => {
    lines.take({ exportId, phase: 'sending', done, total });
    now += 1_000;
  };
  at('short', 1);
  at('long', 1);
  expect(said).toEqual([]);
  for (let share = 1; share <= 6; share += 1) at('long', share * 200_000_000);
  expect(said).toEqual(['  Sending 20 %, 400.0 MB of 2.0 GB', '  Sending 50 %, 1.0 GB of 2.0 GB']);
  now += 5_000;
  at('long', 0, null);
  expect(said.at(-1)).toBe('  Sending');
});
