import { common, createLowlight } from 'lowlight';
import type { Piece, Tint } from './ink.ts';

const lowlight = createLowlight(common);

type Node = ReturnType<typeof lowlight.highlight>['children'][number];

/** Endings and names that the library does not know as a language's own. */
const languages: Readonly<Record<string, string>> = {
  cfg: 'ini',
  conf: 'ini',
  env: 'bash',
  gradle: 'java',
  svg: 'xml',
  vue: 'xml',
  makefile: 'makefile',
};

/** Longer texts are shown as they are: reading one would hold up the page. */
const longest = 300_000;

/**
 * A whole text in pieces, line by line; null when its language is not known. The text is read as one, so that what began on
 * an earlier line (a docstring, a comment) is what it is on the next ones.
 */
export function tintLines(text: string, path: string): readonly (readonly Piece[])[] | null {
  const language = languageOf(path);
  if (!language || text.length > longest) return null;
  const lines: Piece[][] = [[]];
  const write = (value: string, tint: Tint): void => {
    for (const [index, part] of value.split('\n').entries()) {
      if (index > 0) lines.push([]);
      if (part !== '') lines.at(-1)?.push({ text: part, tint });
    }
  };
  const walk = (nodes: readonly Node[], tint: Tint): void => {
    for (const node of nodes) {
      if (node.type === 'text') write(node.value, tint);
      else if (node.type === 'element') walk(node.children, tintOf(node.properties['className']) ?? tint);
    }
  };
  walk(lowlight.highlight(language, text.replaceAll('\r\n', '\n')).children, 'plain');
  return lines;
}

function languageOf(path: string): string | null {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  const ending = name.slice(name.lastIndexOf('.') + 1);
  const language = languages[ending] ?? ending;
  return lowlight.registered(language) ? language : null;
}

const tints: Readonly<Record<string, Tint>> = {
  'hljs-comment': 'comment',
  'hljs-quote': 'comment',
  'hljs-doctag': 'comment',
  'hljs-meta': 'string',
  'hljs-string': 'string',
  'hljs-regexp': 'string',
  'hljs-code': 'string',
  'hljs-keyword': 'keyword',
  'hljs-literal': 'keyword',
  'hljs-built_in': 'keyword',
  'hljs-type': 'keyword',
  'hljs-name': 'keyword',
  'hljs-selector-tag': 'keyword',
  'hljs-title': 'name',
  'hljs-section': 'name',
  'hljs-strong': 'name',
  'hljs-subst': 'plain',
};

function tintOf(classes: unknown): Tint | undefined {
  return Array.isArray(classes) ? tints[String(classes[0])] : undefined;
}
