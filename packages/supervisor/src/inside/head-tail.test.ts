import { expect, test } from 'vitest';
import { HeadTail } from './head-tail.ts';

test('a stream keeps its head and its tail, and counts what lay between, however it is cut', () => {
  const text = Array.from({ length: 5_000 }, (_, index) => `${index},`).join('');
  for (const size of [1, 3, 100, 777, text.length]) {
    const kept = new HeadTail(1_001);
    for (let at = 0; at < text.length; at += size) kept.push(Buffer.from(text.slice(at, at + size)));
    kept.settle();
    expect(kept.head().toString()).toBe(text.slice(0, 501));
    expect(kept.tail().toString()).toBe(text.slice(-500));
    expect(kept.dropped).toBe(text.length - 1_001);
  }
});

test('what fits is kept whole', () => {
  const kept = new HeadTail(10);
  kept.push(Buffer.from('12345'));
  kept.push(Buffer.from('67890'));
  kept.settle();
  expect(kept.head().toString() + kept.tail().toString()).toBe('1234567890');
  expect(kept.dropped).toBe(0);
  const none = new HeadTail(0);
  none.push(Buffer.from('x'));
  expect([none.settle().tail().length, none.dropped]).toEqual([0, 1]);
});
