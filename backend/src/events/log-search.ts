import type { LogMatch, LogSearchPage, RunEvent } from '@devfactory/contracts';
import type { BlobStore } from '@devfactory/kit';
import type { EventStore } from '../store/event-store.ts';

export interface LogQuery {
  readonly q: string;
  /** Event types or their nouns; null for all. */
  readonly kinds: readonly string[] | null;
  readonly fromStep: number;
  readonly toStep: number;
  /** Also in whole outputs and answers, of which events hold excerpts only. */
  readonly output: boolean;
  readonly after: number;
  readonly limit: number;
}

const batch = 500;
/** One request searches for this long and reads this many bytes of outputs; the next page goes on. */
const patienceMs = 1_500;
const readBytes = 64 * 1024 * 1024;
/** Of one output. */
const outputBytes = 4 * 1024 * 1024;
const around = { before: 80, after: 160 };
/** Members that name things for machines. */
const notWords = /^[0-9a-f]{64}$/;

/** Looks for words in a run's events and in the outputs that they name, whatever their case. */
export class LogSearch {
  readonly #events: EventStore;
  readonly #blobs: BlobStore;

  constructor(events: EventStore, blobs: BlobStore) {
    this.#events = events;
    this.#blobs = blobs;
  }

  async search(runId: string, query: LogQuery): Promise<LogSearchPage> {
    const { seq: until } = await this.#events.state(runId);
    const wanted = query.q.toLowerCase();
    const [matches, deadline]: [LogMatch[], number] = [[], performance.now() + patienceMs];
    let [after, step, bytes] = [query.after, await this.#stepAt(runId, query.after), 0];
    while (after < until) {
      const events = await this.#events.read(runId, after, batch);
      if (events.length === 0) break;
      for (const event of events) {
        if (event.type === 'step.started') step = event.data.step;
        after = event.seq;
        if (!isWanted(event, step, query)) continue;
        const found = await this.#find(event, wanted, query.output);
        bytes += found.bytes;
        if (found.match) matches.push({ seq: event.seq, at: event.at, type: event.type, step, ...found.match });
        if (matches.length >= query.limit || bytes > readBytes || performance.now() > deadline)
          return { matches, next: after < until ? after : null };
      }
    }
    return { matches, next: null };
  }

  async #stepAt(runId: string, seq: number): Promise<number> {
    const last = seq === 0 ? null : await this.#events.lastOf(runId, 'step.started', seq);
    return last?.type === 'step.started' ? last.data.step : 0;
  }

  async #find(
    event: RunEvent,
    wanted: string,
    output: boolean,
  ): Promise<{ readonly match: Pick<LogMatch, 'where' | 'excerpt'> | null; readonly bytes: number }> {
    for (const text of wordsIn(event.data)) {
      const excerpt = excerptOf(text, wanted);
      if (excerpt !== null) return { match: { where: 'event', excerpt }, bytes: 0 };
    }
    const digest = output ? outputOf(event) : null;
    const size = digest === null ? null : await this.#blobs.size(digest);
    if (digest === null || size === null) return { match: null, bytes: 0 };
    const length = Math.min(size, outputBytes);
    const text = new TextDecoder().decode(await this.#blobs.getRange(digest, { offset: 0, length }));
    for (const part of event.type === 'evidence.recorded' ? [text] : wordsOf(text)) {
      const excerpt = excerptOf(part, wanted);
      if (excerpt !== null) return { match: { where: 'output', excerpt }, bytes: length };
    }
    return { match: null, bytes: length };
  }
}

function isWanted(event: RunEvent, step: number, { kinds, fromStep, toStep }: LogQuery): boolean {
  if (step < fromStep || step > toStep) return false;
  return kinds === null || kinds.includes(event.type) || kinds.includes(event.type.split('.')[0] ?? '');
}

/** Blob with what the event holds an excerpt of. */
function outputOf(event: RunEvent): string | null {
  if (event.type === 'tool.ended' || event.type === 'step.answered' || event.type === 'run.created')
    return event.data.body;
  return event.type === 'evidence.recorded' ? event.data.evidence.output : null;
}

/** The words in JSON; a text that was cut off is searched as it stands. */
function wordsOf(text: string): Iterable<string> {
  try {
    return wordsIn(JSON.parse(text));
  } catch {
    return [text];
  }
}

function* wordsIn(value: unknown): Iterable<string> {
  if (typeof value === 'string') {
    if (!notWords.test(value)) yield value;
  } else if (value !== null && typeof value === 'object')
    for (const inner of Object.values(value)) yield* wordsIn(inner);
}

function excerptOf(text: string, wanted: string): string | null {
  const at = text.toLowerCase().indexOf(wanted);
  if (at < 0) return null;
  const [start, end] = [Math.max(0, at - around.before), Math.min(text.length, at + wanted.length + around.after)];
  const cut = text
    .slice(start, end)
    .toWellFormed()
    .replaceAll(/[\p{Cc}\s]+/gu, ' ');
  return `${start > 0 ? '…' : ''}${cut}${end < text.length ? '…' : ''}`;
}
