import { expect, test } from 'vitest';
import { cutHead, cutLines, cutText } from './cut-text.ts';

test('a long text keeps its head and its tail and says how much is missing', () => {
  const cut = cutText(`start${'x'.repeat(1000)}end`, 100);
  expect(cut.length).toBeLessThanOrEqual(100);
  expect(cut).toMatch(/^start.*characters left out.*end$/s);
});
test('a short text stays as it is', () => {
  expect(cutText('short', 100)).toBe('short');
});
test('many lines keep the first and the last', () => {
  const lines = Array.from({ length: 100 }, (_, index) => `line ${index}`).join('\n');
  expect(cutLines(lines, 4)).toBe('line 0\nline 1\n… 96 lines left out …\nline 98\nline 99');
});
test('no character is cut in two, wherever the cut falls', () => {
  const text = '😀'.repeat(300);
  for (let most = 0; most < 120; most++) {
    expect(cutText(text, most).isWellFormed()).toBe(true);
    expect(cutHead(text, most).isWellFormed()).toBe(true);
    expect(cutText(text, most).length).toBeLessThanOrEqual(Math.max(1, most));
  }
});
test('half characters that came from elsewhere are replaced', () => {
  expect(cutText('a\ud83d', 10)).toBe('a\ufffd');
});
