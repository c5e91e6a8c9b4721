import { inEnglish } from './languages.ts';
import { flatten } from './shapes.ts';

/** One spelling of what people type: one shape for what is laid out, straight quotes, plain dashes, no Markdown marks, English small words. Line breaks stay. */
export function normalise(text: string): string {
  return inEnglish(
    flatten(calm(text.normalize('NFC').replaceAll(/\r\n?/g, '\n')))
      .replaceAll(/[‘’ʼ]/g, "'")
      .replaceAll(/[“”„«»]/g, '"')
      .replaceAll(/[–—−]/g, '-')
      .replaceAll(/`{1,3}(?:[a-z]+(?=\n))?|\*{1,3}|^#+\s*|^>\s*/gm, ' ')
      .replaceAll(/[\p{Extended_Pictographic}\u{fe0f}\u{200d}]/gu, ' ')
      .replaceAll(
        /(?<=\p{L}) - ((?:string|text|integer|int|number|float|boolean|bool|date|email|url)\b(?: - \p{L}+)*)(?=\s*(?:[,;.\n]|$))/giu,
        (_, rules: string) => ` (${rules.replaceAll(' - ', ', ')})`,
      )
      .replaceAll(/(?<=:)\s[^.:\n]*;[^.:\n]*;?[^.:\n]*/g, commas)
      .replaceAll(/(?<=\p{L}) \[([^[\]]*,[^[\]]*)\]/gu, ' ($1)')
      .replaceAll(/(?<=[\p{L})]) \+ (?=\p{L})/gu, ', ')
      .replaceAll(/\{([^{}/]*[,:][^{}/]*)\}/g, '($1)')
      .replaceAll(/\b(node|express|nest|next|vue)\.js\b/gi, '$1js')
      .replaceAll(/^[ \t]*(?:[-+•]|\d{1,2}[.)])[ \t]+/gm, '• ')
      .replaceAll(/[ \t\u00a0]+/g, ' ')
      .trim(),
  );
}

/** 'title (string, required); author' after a colon: semicolons as commas. */
function commas(list: string): string {
  const outside = list.replaceAll(/\([^()]*\)/g, '');
  const isList = !outside.includes(',') && outside.split(';').every((part) => part.trim().split(/\s+/).length <= 3);
  return isList ? list.replaceAll(';', ',') : list;
}

const slips: readonly (readonly [RegExp, string])[] = [
  [/\b(?:wiht|whit|wtih|w\/)(?=\s)/gi, 'with'],
  [/\b(?:teh|hte)\b/gi, 'the'],
  [/\b(?:adn|nad)\b/gi, 'and'],
  [/\b(api|backend|service|server) 4 (?=\p{L})/giu, '$1 for '],
  [/\b(?:flsk|falsk|flaks|flassk)\b/gi, 'Flask'],
  [/(?<![.\w])ts(?![.\w])/g, 'TypeScript'],
  [/\b(?:pyhton|phyton|pythn)\b/gi, 'Python'],
  [/\b(?:typscript|tyepscript|typescrpt)\b/gi, 'TypeScript'],
];

/** Capitals throughout and the keywords of EARS in capitals are said in a calm voice; the commonest slips are mended. */
function calm(text: string): string {
  const letters = text.replaceAll(/[^\p{L}]/gu, '');
  const capitals = letters.replaceAll(/[^\p{Lu}]/gu, '').length;
  const quiet =
    letters.length > 12 && capitals / letters.length > 0.8
      ? text.toLowerCase()
      : text.replaceAll(/\b(?:THE|SHALL|MUST|SHOULD|WHEN|WHILE|WHERE|IF|THEN|WITH|AND|FOR)\b(?!\s*[(:])/g, (word) =>
          word.toLowerCase(),
        );
  return slips.reduce((said, [slip, word]) => said.replaceAll(slip, word), quiet);
}

/** Sentences and lines; a bullet is one of its own. '3.5', 'node.js' and 'e.g.' do not end one. */
export function sentencesOf(text: string): string[] {
  return normalise(text)
    .replaceAll(/\b(e\.g|i\.e|etc|incl|max|min)\.(?=\s*[a-z0-9,])/gi, '$1')
    .split(/\n+|(?<=[.!?])\s+|;\s*/)
    .map((part) =>
      part
        .replace(/^•\s*/, '')
        .replace(/[.!?\s]+$/, '')
        .trim(),
    )
    .filter((part) => /[\p{L}\p{N}]/u.test(part));
}

/** Parts of a sentence, as small as they still say something of their own. What is in parentheses stays together. */
export function clausesOf(sentence: string): string[] {
  const masked = sentence.replaceAll(/\([^()]*\)/g, (inner) => 'x'.repeat(inner.length));
  const separator = /,\s*(?:and\s+|but\s+|plus\s+|then\s+)?|\s+(?:and|but|plus|with|that|which|as well as)\s+/gi;
  const parts: string[] = [];
  let from = 0;
  for (const match of masked.matchAll(separator)) {
    parts.push(sentence.slice(from, match.index));
    from = match.index + match[0].length;
  }
  return [...parts, sentence.slice(from)].map((part) => part.trim()).filter((part) => /[\p{L}\p{N}]/u.test(part));
}

/** 'milk: cow, goat or sheep' has one field, whose values a comma separates as well. */
function withPipes(text: string): string {
  return text.replaceAll(
    /(?::|(?<=\b(?:status|state|level|answer|kind|type|category|priority)) of)\s+((?:[\p{L}\d_-]+,\s+)+(?:[\p{L}\d_-]+,?\s+)?or\s+[\p{L}\d_-]+)/giu,
    (_, values: string) => `: ${values.replaceAll(/,?\s+or\s+|\s*,\s*/gi, ' | ')}`,
  );
}

/** Splits at commas, semicolons, 'and' and bullets outside of parentheses. */
export function splitList(text: string): string[] {
  const parts: string[] = [];
  const joined = withPipes(text)
    .replaceAll(/\bbetween (-?\d+(?:[.,]\d+)?) and (?=-?\d)/gi, 'from $1 to ')
    .replaceAll(
      /\b(one of|either|enum(?: of)?|values):?\s+((?:"[^"]+"|'[^']+'|[\p{L}\d_-]+)(?:\s*,\s*(?:"[^"]+"|'[^']+'|[\p{L}\d_-]+))*(?:,?\s+or\s+(?:"[^"]+"|'[^']+'|[\p{L}\d_-]+))?)(?=\s*(?:[,;.)\n]|$|and\b))/giu,
      (_, word: string, values: string) => `${word} ${values.replaceAll(/\s*,\s*(?:or\s+)?|\s+or\s+/g, ' | ')}`,
    );
  let depth = 0;
  let part = '';
  for (const token of joined.match(/[()[\]{},;\n•]|\s+(?:and|&|plus|or)\s+|[^()[\]{},;\n•\s]+|\s+/g) ?? []) {
    if (/^[([{]$/.test(token)) depth += 1;
    if (/^[)\]}]$/.test(token)) depth -= 1;
    const separates = depth <= 0 && (/^[,;\n•]$/.test(token) || /^\s+(?:and|&|plus)\s+$/.test(token));
    if (separates) {
      parts.push(part);
      part = '';
    } else part += token;
  }
  return [...parts, part]
    .map((item) => item.replace(/^(?:and|&|plus|as well as)\s+/, '').trim())
    .filter((item) => item !== '');
}
