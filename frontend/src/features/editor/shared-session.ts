import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import * as Y from 'yjs';
import type { Saving, Typed } from './open-file.ts';

export interface SharedLook {
  readonly status: 'joining' | 'open' | 'over';
  readonly saving: Saving;
  /** Others who have it open. */
  readonly others: number;
  /** What the server says went wrong; empty when nothing did. */
  readonly fault: string;
}

interface Parts {
  readonly runId: string;
  /** Of the document, as the server gave it. */
  readonly name: string;
  readonly user: string;
}

/** How long the server may be away before the text goes on in this browser alone. */
const patienceMs = 8_000;

/** A file that several type into, as one of them. */
export class SharedSession {
  readonly text: Y.Text;
  readonly #doc = new Y.Doc();
  readonly #socket: HocuspocusProviderWebsocket;
  readonly #provider: HocuspocusProvider;
  readonly #listeners = new Set<() => void>();
  #look: SharedLook = { status: 'joining', saving: 'saved', others: 0, fault: '' };
  /** The text when all of it was last in the file, as far as is known here. */
  #inFile = '';
  #away: ReturnType<typeof setTimeout> | null = null;

  constructor({ runId, name, user }: Parts) {
    this.text = this.#doc.getText('text');
    const origin = location.origin.replace(/^http/, 'ws');
    this.#socket = new HocuspocusProviderWebsocket({ url: `${origin}/api/runs/${runId}/workspace/shared` });
    this.#provider = new HocuspocusProvider({
      name,
      document: this.#doc,
      websocketProvider: this.#socket,
      // The browser's cookie is what lets it in.
      token: 'cookie',
      onSynced: () => {
        this.#back();
        this.#saved();
        this.#show({ status: 'open' });
      },
      onDisconnect: () => this.#wait(),
      onAuthenticationFailed: () => this.#show({ status: 'over' }),
      onStateless: ({ payload }) => this.#take(payload),
      onAwarenessChange: ({ states }) => this.#show({ others: Math.max(0, states.length - 1) }),
    });
    this.#provider.attach();
    this.#provider.setAwarenessField('name', user);
    this.text.observe((_, { local }) => {
      if (local) this.#show({ saving: 'unsaved', fault: '' });
      else this.#saved();
    });
    this.#wait();
  }

  readonly look = (): SharedLook => this.#look;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  get awareness() {
    if (!this.#provider.awareness) throw new Error('a shared file has awareness');
    return this.#provider.awareness;
  }

  /** What is not saved yet; null when all is. */
  get unsaved(): Typed | null {
    return this.#look.saving === 'saved' ? null : { text: this.text.toJSON(), base: this.#inFile };
  }

  save(): void {
    this.#provider.sendStateless('save');
  }

  close(): void {
    this.#back();
    this.#listeners.clear();
    this.#provider.destroy();
    this.#socket.destroy();
  }

  #take(payload: string): void {
    const note = JSON.parse(payload) as { saved?: string; over?: string; fault?: string };
    if (note.over !== undefined) this.#show({ status: 'over' });
    else if (note.fault !== undefined) this.#show({ saving: 'failed', fault: note.fault });
    else if (note.saved !== undefined) {
      const bytes = Uint8Array.from(atob(note.saved), (letter) => letter.charCodeAt(0));
      const has = Y.decodeStateVector(bytes).get(this.#doc.clientID) ?? 0;
      const typed = Y.decodeStateVector(Y.encodeStateVector(this.#doc)).get(this.#doc.clientID) ?? 0;
      if (has >= typed) this.#show({ saving: 'saved', fault: '' });
      this.#saved();
    }
  }

  #saved(): void {
    if (this.#look.saving === 'saved') this.#inFile = this.text.toJSON();
  }

  #wait(): void {
    this.#away ??= setTimeout(() => this.#show({ status: 'over' }), patienceMs);
  }

  #back(): void {
    if (this.#away) clearTimeout(this.#away);
    this.#away = null;
  }

  #show(change: Partial<SharedLook>): void {
    this.#look = { ...this.#look, ...change };
    for (const listener of this.#listeners) listener();
  }
}
