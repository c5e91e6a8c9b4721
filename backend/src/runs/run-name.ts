const longest = 80;

/** A run's name for lists: the prompt's first words, cut at a word. */
export function nameOf(prompt: string): string {
  const words = plain(prompt).replaceAll(/\s+/g, ' ').trim();
  if (words.length <= longest) return words || 'Untitled';
  const cut = [...words].slice(0, longest).join('');
  const atWord = cut.lastIndexOf(' ');
  return `${atWord > longest / 2 ? cut.slice(0, atWord) : cut}…`;
}

/** Without control characters and lone surrogates, which a database's text and a file name cannot hold. */
export function plain(text: string): string {
  return text.toWellFormed().replaceAll(/[\p{Cc}\uFFFD]+/gu, ' ');
}
