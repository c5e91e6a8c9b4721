import type { LiveWords } from '@devfactory/contracts';
import { expect, test } from 'vitest';
import { withWords } from './live-answer.ts';

const words = (part: Partial<LiveWords>): LiveWords => ({
  step: 1,
  callId: 'a',
  kind: 'text',
  tool: '',
  offset: 0,
  text: '',
  ...part,
});

test('puts an answer together as it is written, and begins anew with another call', () => {
  const first = withWords(null, words({ text: 'I wri' }));
  const second = withWords(first, words({ offset: 5, text: 'te it.' }));
  const third = withWords(second, words({ kind: 'call', tool: 'write', text: '{"path"' }));
  expect(third).toMatchObject({ text: 'I write it.', call: { tool: 'write', length: 7 } });
  expect(withWords(third, words({ callId: 'b', text: 'Again' }))).toMatchObject({ text: 'Again', call: null });
  expect(withWords(null, words({ text: 'x'.repeat(9000) })).text).toHaveLength(4000);
});

test('says where words are missing, because the line was slow', () => {
  const first = withWords(null, words({ offset: 900, text: 'I wri' }));
  expect(first.text).toBe('I wri');
  expect(withWords(first, words({ offset: 920, text: 'down.' })).text).toBe('I wri … down.');
  expect(withWords(first, words({ offset: 905, text: 'te.' })).text).toBe('I write.');
});
