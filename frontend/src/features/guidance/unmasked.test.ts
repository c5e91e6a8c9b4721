import { expect, test } from 'vitest';
import { unmasked } from './unmasked.ts';

test('characters that nobody sees are named', () => {
  expect(unmasked('a\u200Bb\u{E0041}\u202Ec')).toEqual({ shown: 'a⟨U+200B⟩b⟨U+E0041⟩⟨U+202E⟩c', hidden: 3 });
});
test('a text as people write it stays as it is', () => {
  const text = 'Tabs:\t- Grüße, 你好, café 🙂\r\n';
  expect(unmasked(text)).toEqual({ shown: text, hidden: 0 });
});
