import { limits, utf8Length } from './limits.ts';
import type { RequirementWish } from './requirement.ts';

/** What a requirements text gave, and what of it was left aside and why. */
export interface RequirementList {
  readonly wishes: readonly RequirementWish[];
  readonly skipped: readonly {
    readonly line: number;
    readonly text: string;
    readonly why: 'duplicate' | 'too long' | 'too many';
  }[];
}

const listItem = /^\s*(?:[-*+•]|\d{1,4}[.)])\s+(?:\[[ xX]\]\s+)?(?<text>\S.*)$/;
const heading = /^\s*(?:#{1,6}\s|={3,}\s*$|-{3,}\s*$)/;
const ownId = /^(?:\*\*)?R-?\d{1,4}(?:\*\*)?\s*[:.)\u2013\u2014-]\s+/;

/**
 * Requirements of a Markdown or plain text: list items (bulleted, numbered, with check boxes) with the lines that continue them; when there is
 * no list at all, each paragraph. Headings, code blocks and quotes are not requirements. '(should)' or '(could)' at the end sets the priority.
 */
export function parseRequirementList(text: string): RequirementList {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  const hasList = lines.some((line) => listItem.test(line));
  const wishes: RequirementWish[] = [];
  const skipped: RequirementList['skipped'][number][] = [];
  const known = new Set<string>();
  for (const { line, text: raw } of hasList ? listItems(lines) : paragraphs(lines)) {
    const wish = toWish(raw);
    const key = wish.text.toLowerCase();
    const why = known.has(key)
      ? 'duplicate'
      : utf8Length(wish.text) > limits.requirementBytes
        ? 'too long'
        : wishes.length >= limits.requirements
          ? 'too many'
          : null;
    if (wish.text === '') continue;
    if (why) skipped.push({ line, text: wish.text.slice(0, 200), why });
    else {
      known.add(key);
      wishes.push(wish);
    }
  }
  return { wishes, skipped };
}

interface Piece {
  readonly line: number;
  readonly text: string;
}

function listItems(lines: readonly string[]): Piece[] {
  const pieces: Piece[] = [];
  let open: { line: number; text: string } | null = null;
  for (const { line, content } of outsideCode(lines)) {
    const item = listItem.exec(content)?.groups?.['text'];
    if (item !== undefined) {
      open = { line, text: item };
      pieces.push(open);
    } else if (open && /^\s+\S/.test(content)) open.text += ` ${content.trim()}`;
    else open = null;
  }
  return pieces;
}

function paragraphs(lines: readonly string[]): Piece[] {
  const pieces: Piece[] = [];
  let open: { line: number; text: string } | null = null;
  for (const { line, content } of outsideCode(lines)) {
    if (content.trim() === '' || heading.test(content) || content.startsWith('>')) open = null;
    else if (open) open.text += ` ${content.trim()}`;
    else {
      open = { line, text: content.trim() };
      pieces.push(open);
    }
  }
  return pieces;
}

function* outsideCode(lines: readonly string[]): Generator<{ line: number; content: string }> {
  let fenced = false;
  for (const [index, content] of lines.entries()) {
    if (/^\s*(?:```|~~~)/.test(content)) fenced = !fenced;
    else if (!fenced) yield { line: index + 1, content };
  }
}

function toWish(raw: string): RequirementWish {
  const priority = /\((must|should|could)\)\s*$/i.exec(raw)?.[1]?.toLowerCase() as
    | RequirementWish['priority']
    | undefined;
  const text = raw
    .replace(/\((?:must|should|could)\)\s*$/i, '')
    .replace(ownId, '')
    .trim();
  return { text, priority: priority ?? 'must' };
}
