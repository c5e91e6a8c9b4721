import { expect, test } from 'vitest';
import { Scrollback } from './scrollback.ts';

test('holds the newest bytes by their place, whatever the sizes they came in', () => {
  const capacity = 200_000;
  const scrollback = new Scrollback(capacity);
  const all: Buffer[] = [];
  let seed = 7;
  for (let round = 0; round < 200; round++) {
    seed = (seed * 16_807) % 2_147_483_647;
    const bytes = Buffer.alloc(seed % (round % 20 === 0 ? 300_000 : 5_000), round);
    all.push(bytes);
    scrollback.push(bytes);
    const whole = Buffer.concat(all);
    expect(scrollback.end).toBe(whole.length);
    expect(scrollback.end - scrollback.start).toBe(Math.min(whole.length, capacity));
    expect(scrollback.read(scrollback.start, capacity).equals(whole.subarray(scrollback.start))).toBe(true);
    const middle = Math.floor((scrollback.start + scrollback.end) / 2);
    expect(scrollback.read(middle, 100).equals(whole.subarray(middle, middle + 100))).toBe(true);
  }
});

test('who has nothing begins at a line', () => {
  const scrollback = new Scrollback(64 * 1024);
  scrollback.push(Buffer.from('first\nsecond\n'));
  expect(scrollback.firstLine).toBe(0);
  scrollback.push(Buffer.from('x'.repeat(64 * 1024 - 9) + '\nlast'));
  expect(scrollback.start).toBe(9);
  expect(scrollback.firstLine).toBe(13);
});
