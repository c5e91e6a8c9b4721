import { hash } from 'node:crypto';
import { sourceTreeOf } from '@devfactory/kit/testing';
import { expect, test } from 'vitest';
import { ProgressTeller } from './progress-teller.ts';

function teller() {
  let now = 0;
  const told: string[] = [];
  const made = new ProgressTeller(
    ({ phase, done, total }) => told.push(`${phase} ${done}/${total}`),
    () => now,
  );
  return { teller: made, told, wait: (ms: number) => (now += ms) };
}

test('tells the beginning, what comes a while later, and the end of a phase', () => {
  const { teller: subject, told, wait } = teller();
  for (let done = 1; done <= 10; done += 1) {
    subject.take({ phase: 'sending', done, total: 10 });
    wait(70);
  }
  expect(told).toEqual(['sending 1/10', 'sending 4/10', 'sending 7/10', 'sending 10/10']);
});

test('never goes back to an earlier phase', () => {
  const { teller: subject, told, wait } = teller();
  for (const phase of ['packing', 'sending', 'packing', 'checking', 'sending'] as const) {
    subject.take({ phase, done: 1, total: 2 });
    wait(1000);
  }
  expect(told).toEqual(['packing 1/2', 'sending 1/2', 'checking 1/2']);
});

test('a tree that is read tells how much of it, and gives the same bytes', async () => {
  const { teller: subject, told } = teller();
  const tree = sourceTreeOf([
    ['a', Buffer.alloc(200_000, 7)],
    ['b', 'b'],
    ['link', { link: 'a' }],
  ]);
  const read = subject.reading(tree, 'packing');
  expect([read.hash, read.entries]).toEqual([tree.hash, tree.entries]);
  for (let round = 0; round < 2; round += 1)
    for (const entry of read.entries) {
      if (entry.type !== 'file') continue;
      const chunks: Uint8Array[] = [];
      for await (const chunk of read.read(entry)) chunks.push(chunk);
      expect(hash('sha256', Buffer.concat(chunks), 'hex')).toBe(entry.object);
    }
  expect(told[0]).toBe('packing 65536/200001');
  expect(told.at(-1)).toBe('packing 200001/200001');
});
