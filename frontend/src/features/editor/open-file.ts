import type { Client } from '@devfactory/client';
import { ApiError } from '@devfactory/client';
import type { WorkspaceFile } from '@devfactory/contracts';

/** One side of a file. `text` is null for what is no text, or not there. */
export interface Side {
  readonly digest: string | null;
  readonly text: string | null;
}

export type Saving = 'saved' | 'unsaved' | 'saving' | 'failed';

export interface FileLook {
  readonly status: 'reading' | 'open' | 'closed' | 'missing' | 'failed';
  /** Why it cannot be opened, or what went wrong. */
  readonly why: string;
  readonly error: unknown;
  readonly text: string;
  readonly saving: Saving;
  /** What somebody else made of it meanwhile; null while both sides agree. */
  readonly theirs: Side | null;
  /** Counts up whenever the text was put in from outside, so that an editor takes it over. */
  readonly loads: number;
  /** The text was typed before and not saved then; until something is typed again. */
  readonly restored: boolean;
}

interface Parts {
  readonly runs: Pick<Client['runs'], 'fileNow' | 'writeFile'>;
  readonly runId: string;
  readonly path: string;
  readonly drafts: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  readonly pauseMs?: number;
}

const pauseMs = 1200;
const mostDraft = 2_000_000;

/**
 * A file of a workspace that a person edits: read with its hash, saved on condition that it is still the same, and kept in the browser
 * until it is saved. What somebody else wrote meanwhile is never overwritten unseen.
 */
export class OpenFile {
  readonly #parts: Parts;
  readonly #listeners = new Set<() => void>();
  #look: FileLook = {
    status: 'reading',
    why: '',
    error: null,
    text: '',
    saving: 'saved',
    theirs: null,
    loads: 0,
    restored: false,
  };
  /** What the text was last known to be on the disk. */
  #base: Side = { digest: null, text: null };
  #timer: ReturnType<typeof setTimeout> | null = null;
  #saving: Promise<void> | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  readonly look = (): FileLook => this.#look;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Reads the file. Again when it may have changed: what is unsaved stays, and becomes a question where both sides changed. */
  async read(): Promise<void> {
    let file: WorkspaceFile;
    try {
      file = await this.#parts.runs.fileNow(this.#parts.runId, this.#parts.path);
    } catch (error) {
      if (error instanceof ApiError && error.code === 'file_missing') this.#missing();
      else this.#show({ status: this.#look.status === 'open' ? 'open' : 'failed', error });
      return;
    }
    if (this.#saving) return;
    if (file.text === null) {
      if (this.#look.saving === 'unsaved') this.#show({ theirs: { digest: file.digest, text: null } });
      else this.#show({ status: 'closed', why: file.why });
      return;
    }
    this.#take({ digest: file.digest, text: file.text });
  }

  /** The person typed. */
  type(text: string): void {
    if (text === this.#look.text) return;
    this.#show({ text, saving: text === this.#base.text ? 'saved' : 'unsaved', restored: false, error: null });
    this.#keepDraft();
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#look.saving === 'unsaved' && !this.#look.theirs)
      this.#timer = setTimeout(() => void this.save(), this.#parts.pauseMs ?? pauseMs);
  }

  /** Saves what is not saved; resolves when it is, or when it is known why not. */
  async save(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#saving) await this.#saving;
    if (this.#look.saving === 'saved' || this.#look.theirs || !['open', 'missing'].includes(this.#look.status)) return;
    this.#saving = this.#write(this.#look.text, this.#base.digest).finally(() => (this.#saving = null));
    await this.#saving;
  }

  /** Ends a disagreement: their side as it is, mine over theirs, or a text made of both. */
  async settle(how: 'theirs' | 'mine'): Promise<void> {
    const { theirs } = this.#look;
    if (!theirs) return;
    this.#base = theirs;
    if (how === 'theirs') {
      this.#forgetDraft();
      const gone = theirs.text === null;
      this.#show({
        theirs: null,
        text: theirs.text ?? '',
        saving: 'saved',
        loads: this.#look.loads + 1,
        restored: false,
        ...(gone ? { status: theirs.digest === null ? ('missing' as const) : ('closed' as const) } : {}),
      });
      return;
    }
    this.#show({ theirs: null, status: 'open' });
    await this.save();
  }

  /** Saves what is left to save, and stops. */
  close(): void {
    void this.save();
    this.#listeners.clear();
  }

  async #write(text: string, expected: string | null): Promise<void> {
    const { runs, runId, path } = this.#parts;
    this.#show({ saving: 'saving' });
    try {
      const { digest } = await runs.writeFile(runId, { path, expected, content: new Blob([text]) });
      this.#base = { digest, text };
      const typed = this.#look.text !== text;
      this.#show({ saving: typed ? 'unsaved' : 'saved', status: 'open', error: null });
      if (typed) this.#timer ??= setTimeout(() => void this.save(), this.#parts.pauseMs ?? pauseMs);
      else this.#forgetDraft();
    } catch (error) {
      const current = error instanceof ApiError ? error.problem.current : undefined;
      this.#show({ saving: current ? 'unsaved' : 'failed', error: current ? null : error, theirs: current ?? null });
    }
  }

  /** What is on the disk now. */
  #take(now: Side): void {
    const { saving, status } = this.#look;
    const draft = status === 'reading' ? this.#draft() : null;
    if (draft && draft.text !== now.text) {
      const apart = draft.digest !== now.digest && (draft.base === null || draft.base !== now.text);
      this.#base = apart ? { digest: draft.digest, text: null } : now;
      this.#show({
        status: 'open',
        text: draft.text,
        saving: 'unsaved',
        restored: true,
        theirs: apart ? now : null,
        loads: 1,
      });
      if (!apart) this.#timer = setTimeout(() => void this.save(), this.#parts.pauseMs ?? pauseMs);
      return;
    }
    if (draft) this.#forgetDraft();
    if (now.digest === this.#base.digest && status === 'open') return this.#show({ error: null });
    if (saving !== 'saved' && now.text !== this.#look.text) return this.#show({ theirs: now });
    this.#base = now;
    this.#show({
      status: 'open',
      text: now.text ?? '',
      saving: 'saved',
      theirs: null,
      error: null,
      loads: this.#look.loads + 1,
    });
  }

  #missing(): void {
    const draft = this.#look.status === 'reading' ? this.#draft() : null;
    if (draft) return this.#show({ status: 'missing', text: draft.text, saving: 'unsaved', restored: true, loads: 1 });
    if (this.#look.saving === 'unsaved') return this.#show({ theirs: { digest: null, text: null } });
    this.#base = { digest: null, text: null };
    this.#show({ status: 'missing', text: '', saving: 'saved' });
  }

  get #key(): string {
    return draftKey(this.#parts.runId, this.#parts.path);
  }

  #draft(): { readonly digest: string | null; readonly base: string | null; readonly text: string } | null {
    try {
      const kept: unknown = JSON.parse(this.#parts.drafts.getItem(this.#key) ?? 'null');
      if (kept === null || typeof kept !== 'object' || !('text' in kept) || typeof kept.text !== 'string') return null;
      const digest = 'digest' in kept && typeof kept.digest === 'string' ? kept.digest : null;
      const base = 'base' in kept && typeof kept.base === 'string' ? kept.base : null;
      return { digest, base, text: kept.text };
    } catch {
      return null;
    }
  }

  #keepDraft(): void {
    const { text, saving } = this.#look;
    if (saving === 'saved') return this.#forgetDraft();
    if (text.length > mostDraft) return;
    try {
      this.#parts.drafts.setItem(this.#key, JSON.stringify({ digest: this.#base.digest, text }));
    } catch {
      // Without room the text lives as long as the page; saving is a second away.
    }
  }

  #forgetDraft(): void {
    try {
      this.#parts.drafts.removeItem(this.#key);
    } catch {
      // Then there was none.
    }
  }

  #show(change: Partial<FileLook>): void {
    this.#look = { ...this.#look, ...change };
    for (const listener of this.#listeners) listener();
  }
}

/** A text, and what the file was when it was last equal to it. */
export interface Typed {
  readonly text: string;
  readonly base: string;
}

function draftKey(runId: string, path: string): string {
  return `devfactory.draft.${runId}.${path}`;
}

/** Whether something was typed into the file and not saved. */
export function hasDraft(runId: string, path: string): boolean {
  try {
    return localStorage.getItem(draftKey(runId, path)) !== null;
  } catch {
    return false;
  }
}

/**
 * Keeps a text that may not be saved. Whoever opens the file here next goes on with it, and is asked where the file is no longer what the
 * text was made of.
 */
export function keepDraft(runId: string, path: string, { text, base }: Typed): void {
  try {
    localStorage.setItem(draftKey(runId, path), JSON.stringify({ digest: null, base, text }));
  } catch {
    // Without room there is nothing to keep it in.
  }
}
