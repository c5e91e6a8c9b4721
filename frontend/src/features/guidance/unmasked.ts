/** Format and control characters, tags and variation selectors: a model reads them, a person does not see them. */
const unseen = /(?![\n\r\t])[\p{Cc}\p{Cf}\p{Co}\u{E0100}-\u{E01EF}\u3164\uFFA0\u115F\u1160\u2800]/gu;

/** A text with every character that cannot be seen named by its number. */
export function unmasked(text: string): { readonly shown: string; readonly hidden: number } {
  let hidden = 0;
  const shown = text.replaceAll(unseen, (character) => {
    hidden += 1;
    return `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`;
  });
  return { shown, hidden };
}
