/**
 * A prompt, what is to be built of it, and words that must be told as not understood or beyond.
 *
 * The model: 'flask email | books: title!, pages=integer[1..], isbn#, genre(a|b) | authors'. A thing without a
 * colon may have any fields. What is not written about a field is not compared: '!' required, '?' optional,
 * '#' unique. Words that are left out mean that nothing is beyond; null, that either is right.
 */
export type Case = readonly [prompt: string, model: string, beyond?: readonly string[] | null];
