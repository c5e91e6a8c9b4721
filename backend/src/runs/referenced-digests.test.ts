import type { RunEvent } from '@devfactory/contracts';
import { expect, test } from 'vitest';
import { refersTo } from './referenced-digests.ts';

const digest = 'd'.repeat(64);
const event = (data: object) => ({ type: 'tool.ended', data }) as unknown as RunEvent;

test('only members that name blobs open them, never a text that holds a digest', () => {
  expect(refersTo([event({ body: digest })], digest)).toBe(true);
  expect(refersTo([event({ checkpoint: { packs: ['x', digest] } })], digest)).toBe(true);
  expect(refersTo([event({ files: [{ name: 'a', digest }] })], digest)).toBe(true);
  expect(refersTo([event({ excerpt: digest, title: digest, tree: digest, lock: digest })], digest)).toBe(false);
});
