import type { RunEvent } from '@devfactory/contracts';

/** An event with the one line that stands for it, and all its words for the search. */
export interface LogLine {
  readonly event: RunEvent;
  readonly text: string;
  readonly words: string;
}

/** What the log can be narrowed to. Every kind is a question one comes with, so an event may belong to none. */
export const logKinds = {
  work: 'Work',
  proof: 'Proof',
  people: 'People',
  faults: 'Faults',
} as const;
export type LogKind = keyof typeof logKinds;

const nouns: Readonly<Record<'work' | 'proof', readonly string[]>> = {
  work: ['turn', 'step', 'tool', 'workspace', 'checkpoint', 'restore', 'egress'],
  proof: ['plan', 'requirement', 'check', 'verification', 'evidence', 'result', 'export'],
};

export function isLogKind(word: string | undefined): word is LogKind {
  return word !== undefined && word in logKinds;
}

export function toLogLine(event: RunEvent): LogLine {
  const all = fields(event.data, '');
  const words = `${event.seq} ${event.type} ${event.actor.kind} ${all.join(' ')}`.toLowerCase();
  return { event, text: all.filter((field) => !digest.test(field)).join('  '), words };
}

/** Lines of a kind that hold every word, or whose output does. */
export function pickLines(
  lines: readonly LogLine[],
  {
    find,
    kind,
    inOutputs,
  }: {
    find: string;
    kind: LogKind | undefined;
    /** Found in the outputs that belong to these events. */
    inOutputs?: ReadonlyMap<number, string>;
  },
): readonly LogLine[] {
  const words = wordsOf(find);
  if (words.length === 0 && !kind) return lines;
  return lines.filter(
    (line) =>
      (!kind || isOfKind(line.event, kind)) &&
      (inOutputs?.has(line.event.seq) || words.every((word) => line.words.includes(word))),
  );
}

/** SHA-256s say nothing to who reads along; opened, the event has them, and the search finds them. */
const digest = /=[0-9a-f]{64}$/;

/** A text from a little before the first hit on, where that is too far right to be seen. */
export function fromHit(text: string, words: readonly string[]): string {
  const low = text.toLowerCase();
  const first = Math.min(...words.map((word) => low.indexOf(word)).filter((at) => at >= 0));
  return Number.isFinite(first) && first > 30 ? `…${text.slice(first - 12)}` : text;
}

/** What is looked for, word by word. */
export function wordsOf(find: string): readonly string[] {
  return find.toLowerCase().split(/\s+/).filter(Boolean);
}

/** A text cut where one of the words begins or ends. */
export function hits(text: string, words: readonly string[]): { readonly text: string; readonly hit: boolean }[] {
  if (words.length === 0) return [{ text, hit: false }];
  const pattern = new RegExp(
    `(${words.map((word) => word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})`,
    'gi',
  );
  return text.split(pattern).flatMap((part, index) => (part === '' ? [] : [{ text: part, hit: index % 2 === 1 }]));
}

/** Step that an event tells of; null when it tells of none. */
export function stepOf({ data }: RunEvent): number | null {
  return 'step' in data && typeof data.step === 'number' ? data.step : null;
}

function isOfKind(event: RunEvent, kind: LogKind): boolean {
  if (kind === 'people') return event.actor.kind === 'person' || /^(?:question|feedback|wait)\./.test(event.type);
  if (kind === 'faults') return isFault(event);
  return nouns[kind].includes(event.type.slice(0, event.type.indexOf('.')));
}

function isFault(event: RunEvent): boolean {
  switch (event.type) {
    case 'tool.ended':
      return event.data.outcome !== 'ok' || (event.data.exitCode ?? 0) !== 0;
    case 'evidence.recorded':
      return event.data.evidence.verdict !== 'passed' && !event.data.evidence.onBase;
    case 'verification.ended':
      return event.data.outcome === 'interrupted';
    case 'turn.ended':
      return event.data.outcome === 'failed' || event.data.outcome === 'exhausted';
    case 'egress.decided':
      return event.data.decisions.some((decision) => !decision.allowed);
    default:
      return /\.(?:failed|lost|reached)$/.test(event.type);
  }
}

/** 'step=4', 'evidence.verdict=failed': each value behind its name, lists as JSON. */
function fields(value: object, prefix: string): string[] {
  return Object.entries(value).flatMap(([name, part]: [string, unknown]) => {
    if (part === null || part === undefined || part === '') return [];
    if (typeof part === 'object' && !Array.isArray(part)) return fields(part, `${prefix}${name}.`);
    if (Array.isArray(part) && part.length === 0) return [];
    return [`${prefix}${name}=${typeof part === 'string' ? part.replaceAll(/\s+/g, ' ') : JSON.stringify(part)}`];
  });
}
