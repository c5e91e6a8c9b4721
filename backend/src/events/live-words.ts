import { LiveWords } from '@devfactory/contracts';
import type { Database } from '../store/database.ts';

/** How long words are gathered before they are told: as often as eyes notice. */
const gatherMs = 120;
/** PostgreSQL carries less than 8,000 bytes, and a unit may take six of them in JSON. */
const pieceUnits = 1_000;

/**
 * What models write, told to every process through the database's own channel, since who watches may sit at another one. Nothing is
 * stored, nothing waits for it, and what cannot be told is dropped.
 */
export class SaidWords {
  readonly #database: Pick<Database, 'query'>;
  readonly #gathered = new Map<string, LiveWords[]>();
  #timer: NodeJS.Timeout | null = null;
  #telling = false;

  constructor(database: Pick<Database, 'query'>) {
    this.#database = database;
  }

  take(runId: string, words: LiveWords): void {
    const gathered = this.#gathered.get(runId) ?? [];
    const last = gathered.at(-1);
    if (last && goesOn(last, words)) gathered[gathered.length - 1] = { ...last, text: last.text + words.text };
    else gathered.push(words);
    this.#gathered.set(runId, gathered);
    this.#timer ??= setTimeout(() => void this.#tellAll(), gatherMs);
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#gathered.clear();
  }

  async #tellAll(): Promise<void> {
    this.#timer = null;
    // While the database is slow words gather; they are only told late, and in fewer pieces.
    if (this.#telling) return;
    this.#telling = true;
    const runs = [...this.#gathered];
    this.#gathered.clear();
    try {
      for (const [runId, gathered] of runs) {
        const payloads = gathered.flatMap(inPieces).map((words) => JSON.stringify({ runId, words }));
        await this.#database.query(`select pg_notify('run_words', p) from unnest($1::text[]) as p`, [payloads]);
      }
    } catch {
      // They are for the eye alone.
    } finally {
      this.#telling = false;
      if (this.#gathered.size > 0) this.#timer ??= setTimeout(() => void this.#tellAll(), gatherMs);
    }
  }
}

/** Null for what is no such message. */
export function readSaidWords(payload: string): { readonly runId: string; readonly words: LiveWords } | null {
  const { runId, words } = JSON.parse(payload) as { runId: string; words: unknown };
  const read = LiveWords.safeParse(words);
  return read.success ? { runId, words: read.data } : null;
}

function goesOn(before: LiveWords, words: LiveWords): boolean {
  const same = before.callId === words.callId && before.kind === words.kind && before.tool === words.tool;
  return same && words.offset === before.offset + before.text.length && before.text.length < 100_000;
}

function inPieces(words: LiveWords): LiveWords[] {
  const count = Math.max(1, Math.ceil(words.text.length / pieceUnits));
  return Array.from({ length: count }, (_, at) => ({
    ...words,
    offset: words.offset + at * pieceUnits,
    text: words.text.slice(at * pieceUnits, (at + 1) * pieceUnits),
  }));
}
