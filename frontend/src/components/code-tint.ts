/** Ink a piece of code is set in. Colour is kept for evidence, so code is told apart by weight, slant and the one accent. */
export type Tint = 'comment' | 'string' | 'keyword' | 'plain';

export interface Piece {
  readonly text: string;
  readonly tint: Tint;
}

const hash = '#.*';
const slashes = '//.*|/\\*.*?(?:\\*/|$)';
const quotes = '"(?:\\\\.|[^"\\\\])*"?|\'(?:\\\\.|[^\'\\\\])*\'?';

const python = [
  'False|None|True|and|as|assert|async|await|break|class|continue|def|del|elif|else|except|finally|for|from|global|if|import|in|is|lambda|nonlocal|not|or|pass|raise|return|try|while|with|yield',
  hash,
  quotes,
];
const script = [
  'as|async|await|break|case|catch|class|const|continue|default|delete|do|else|enum|export|extends|false|finally|for|from|function|if|implements|import|in|instanceof|interface|let|new|null|of|readonly|return|static|super|switch|this|throw|true|try|type|typeof|undefined|var|void|while|yield',
  slashes,
  `${quotes}|\`(?:\\\\.|[^\`\\\\])*\`?`,
];
const shell = ['case|do|done|elif|else|esac|export|fi|for|function|if|in|local|return|then|while', hash, quotes];
const settings = ['false|null|true|yes|no', hash, quotes];
const json = ['false|null|true', '(?!)', quotes];

const languages: Readonly<Record<string, readonly string[]>> = {
  py: python,
  ts: script,
  tsx: script,
  js: script,
  mjs: script,
  cjs: script,
  jsx: script,
  java: script,
  go: script,
  rs: script,
  c: script,
  h: script,
  css: ['(?!)', slashes, quotes],
  sh: shell,
  bash: shell,
  yml: settings,
  yaml: settings,
  toml: settings,
  ini: settings,
  cfg: settings,
  json,
};

const patterns = new Map<string, RegExp | null>();

/** Longer lines are shown as they are: nobody reads them, and they would cost the most. */
const longest = 2000;

/** A line in pieces. Each line is read by itself, so what began on an earlier line (a docstring) is taken for code. */
export function tint(line: string, path: string): readonly Piece[] {
  const pattern = patternOf(path);
  if (!pattern || line.length > longest) return [{ text: line, tint: 'plain' }];
  const pieces: Piece[] = [];
  let at = 0;
  for (const found of line.matchAll(pattern)) {
    if (found.index > at) pieces.push({ text: line.slice(at, found.index), tint: 'plain' });
    pieces.push({
      text: found[0],
      tint: found[1] !== undefined ? 'comment' : found[2] !== undefined ? 'string' : 'keyword',
    });
    at = found.index + found[0].length;
  }
  if (at < line.length) pieces.push({ text: line.slice(at), tint: 'plain' });
  return pieces;
}

function patternOf(path: string): RegExp | null {
  const extension = path.slice(path.lastIndexOf('.') + 1).toLowerCase();
  const known = patterns.get(extension);
  if (known !== undefined) return known;
  const language = languages[extension];
  const pattern = language ? new RegExp(`(${language[1]})|(${language[2]})|\\b(?:${language[0]})\\b`, 'g') : null;
  patterns.set(extension, pattern);
  return pattern;
}
