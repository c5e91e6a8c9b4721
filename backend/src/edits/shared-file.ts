import { limits, type Actor, type FileChange } from '@devfactory/contracts';
import { decodeText, describeEdit } from '@devfactory/engine';
import { DomainError, type Workspace } from '@devfactory/kit';
import * as Y from 'yjs';
import { bytesAt, digestOf } from './person-edits.ts';
import { become, lineEndOf, textName } from './shared-text.ts';

/** What the people who have it open are told beside its text. */
type SharedNote =
  /** State vector, base64, of what is in the workspace now. */
  | { readonly saved: string }
  /** Somebody outside of the document changed it. */
  | { readonly changed: 'agent' }
  | { readonly fault: string }
  /** It can be typed into no more: removed, or no text by now. */
  | { readonly over: string };

export interface SharedFileParts {
  readonly runId: string;
  readonly path: string;
  readonly doc: Y.Doc;
  readonly inWorkspace: <T>(act: (workspace: Workspace) => Promise<T>) => Promise<T>;
  /** What is written within is told by `record`, and by nobody else. */
  readonly announced: <T>(act: () => Promise<T>) => Promise<T>;
  readonly record: (change: FileChange, actor: Actor) => Promise<unknown>;
  readonly tell: (note: SharedNote) => void;
}

interface OnDisk {
  readonly digest: string;
  readonly text: string;
  /** What the document was when it was this. */
  readonly state: Uint8Array;
}

const saveAfterMs = 800;
const saveAtLatestMs = 4_000;
const mostTries = 10;

/**
 * One open file that several people and the agent write at a time. The document is what people type; the workspace has it a moment
 * later. What changes in the workspace besides comes into the document as a change of what was there before, so that neither is lost.
 */
export class SharedFile {
  readonly #parts: SharedFileParts;
  #disk: OnDisk;
  #lineEnd: '\n' | '\r\n';
  #turn: Promise<unknown> = Promise.resolve();
  #timer: NodeJS.Timeout | null = null;
  #unsavedSince: number | null = null;
  #by: Actor | null = null;
  #over = false;

  private constructor(parts: SharedFileParts, bytes: Uint8Array, text: string) {
    this.#parts = parts;
    this.#lineEnd = lineEndOf(text);
    const plain = this.#plain(text);
    parts.doc.getText(textName).insert(0, plain);
    this.#disk = { digest: digestOf(bytes), text: plain, state: Y.encodeStateAsUpdate(parts.doc) };
  }

  /** Fills the document. Throws file_missing, not_text, too_large, and what reading throws. */
  static async open(parts: SharedFileParts): Promise<SharedFile> {
    const bytes = await parts.inWorkspace((workspace) =>
      workspace.files.read(parts.path, { maxBytes: limits.editableBytes }),
    );
    const text = decodeText(bytes);
    if (text === null)
      throw new DomainError('not_text', 'invalid', { message: `"${parts.path}" is not text (UTF-8).` });
    return new SharedFile(parts, bytes, text);
  }

  get path(): string {
    return this.#parts.path;
  }

  get runId(): string {
    return this.#parts.runId;
  }

  /** Somebody typed. */
  typed(by: Actor): void {
    if (this.#over) return;
    this.#by = by;
    this.#unsavedSince ??= performance.now();
    if (this.#timer) clearTimeout(this.#timer);
    const left = this.#unsavedSince + saveAtLatestMs - performance.now();
    this.#timer = setTimeout(() => void this.save(), Math.max(0, Math.min(saveAfterMs, left))).unref();
  }

  /** Resolves when the workspace has what was typed until now, or those who type are told why not. Never throws. */
  save(): Promise<void> {
    return this.#inTurn(() => this.#save());
  }

  /** Takes in what the workspace has by now. Never throws. */
  pull(): Promise<void> {
    return this.#inTurn(() => this.#pull());
  }

  async #save(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#unsavedSince = null;
    for (let tries = 1; !this.#over; tries++) {
      const text = this.#text();
      if (text === this.#disk.text) return this.#tellSaved(this.#parts.doc);
      const state = Y.encodeStateAsUpdate(this.#parts.doc);
      const vector = Y.encodeStateVector(this.#parts.doc);
      try {
        await this.#parts.announced(() => this.#write(text, state));
      } catch (error) {
        if (!(error instanceof DomainError) || error.code !== 'file_changed' || tries >= mostTries) throw error;
        await this.#pull();
        continue;
      }
      return this.#tellSaved(vector);
    }
  }

  async #write(text: string, state: Uint8Array): Promise<void> {
    const [before, after] = [this.#bytes(this.#disk.text), this.#bytes(text)];
    await this.#parts.inWorkspace((workspace) =>
      workspace.files.write(this.path, after, { expected: this.#disk.digest }),
    );
    this.#disk = { digest: digestOf(after), text, state };
    const change = { path: this.path, via: 'editor' as const, ...describeEdit({ before, after }) };
    await this.#parts.record(change, this.#by ?? { kind: 'person', name: 'owner' });
  }

  async #pull(): Promise<void> {
    if (this.#over) return;
    const bytes = await this.#parts.inWorkspace((workspace) => bytesAt(workspace, this.path));
    if (bytes === null) return this.#end(`"${this.path}" was removed or moved.`);
    const digest = digestOf(bytes);
    if (digest === this.#disk.digest) return;
    const text = bytes.length > limits.editableBytes ? null : decodeText(bytes);
    if (text === null) return this.#end(`"${this.path}" is no text any more, or too large to be edited here.`);
    this.#lineEnd = lineEndOf(text);
    const then = new Y.Doc();
    Y.applyUpdate(then, this.#disk.state);
    const vector = Y.encodeStateVector(then);
    become(then.getText(textName), this.#plain(text));
    Y.applyUpdate(this.#parts.doc, Y.encodeStateAsUpdate(then, vector), 'workspace');
    this.#disk = { digest, text: this.#plain(text), state: Y.encodeStateAsUpdate(then) };
    then.destroy();
    this.#parts.tell({ changed: 'agent' });
  }

  #end(why: string): void {
    this.#over = true;
    this.#parts.tell({ over: why });
  }

  #tellSaved(at: Y.Doc | Uint8Array): void {
    const vector = at instanceof Uint8Array ? at : Y.encodeStateVector(at);
    this.#parts.tell({ saved: Buffer.from(vector).toString('base64') });
  }

  #text(): string {
    return this.#parts.doc.getText(textName).toJSON();
  }

  #plain(text: string): string {
    return this.#lineEnd === '\r\n' ? text.replaceAll('\r\n', '\n') : text;
  }

  #bytes(text: string): Uint8Array {
    return new TextEncoder().encode(this.#lineEnd === '\r\n' ? text.replaceAll('\n', '\r\n') : text);
  }

  #inTurn(act: () => Promise<void>): Promise<void> {
    const next = this.#turn.then(act).catch((error: unknown) => {
      this.#parts.tell({ fault: error instanceof DomainError ? error.message : 'It could not be saved.' });
      // What was typed is in the document; it is tried again with the next key, or after a while.
      if (!this.#over) this.#timer ??= setTimeout(() => void this.save(), saveAtLatestMs).unref();
    });
    this.#turn = next;
    return next;
  }
}
