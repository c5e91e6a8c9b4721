import { randomUUID } from 'node:crypto';
import type { Actor } from '@devfactory/contracts';
import { runWorkspaceId } from '@devfactory/engine';
import { DomainError } from '@devfactory/kit';
import { Hocuspocus, type DirectConnection } from '@hocuspocus/server';
import type { WebSocket } from 'ws';
import type { EditLog } from './edit-log.ts';
import { SharedFile } from './shared-file.ts';
import type { Stays } from './stays.ts';
import type { UnannouncedEdits } from './unannounced-edits.ts';

const idleMs = 60_000;
const mostOpen = 200;
const unshareable = new Set(['not_text', 'too_large', 'file_missing', 'not_a_file', 'too_many_open']);

/** Who types into which run's files. */
export interface Typist {
  readonly runId: string;
  readonly actor: Actor;
}

interface Open {
  readonly file: SharedFile;
  readonly direct: DirectConnection;
  idleSince: number | null;
}

/**
 * Files that people have open together. Each time a file is opened anew its document has a new name, so that nobody who was away
 * meanwhile brings the old one back into it.
 */
export class SharedFiles {
  readonly #stays: Stays;
  readonly #log: EditLog;
  readonly #unannounced: UnannouncedEdits;
  readonly #open = new Map<string, Open>();
  readonly #opening = new Map<string, Promise<string>>();
  readonly #filling = new Map<string, Typist & { readonly path: string }>();
  readonly #filled = new Map<string, SharedFile>();
  readonly #failures = new Map<string, unknown>();
  readonly #server: Hocuspocus<Typist>;
  readonly #timer: NodeJS.Timeout;

  constructor(parts: { readonly stays: Stays; readonly log: EditLog; readonly unannounced: UnannouncedEdits }) {
    this.#stays = parts.stays;
    this.#log = parts.log;
    this.#unannounced = parts.unannounced;
    this.#server = new Hocuspocus<Typist>({
      quiet: true,
      timeout: 60_000,
      unloadImmediately: false,
      onConnect: async ({ documentName, context }) => this.#require(documentName, context),
      onLoadDocument: async ({ documentName, document }) => {
        const wish = this.#filling.get(documentName);
        if (!wish) throw noSuch();
        try {
          await this.#fill(documentName, wish, document);
        } catch (error) {
          this.#failures.set(documentName, error);
          throw noSuch();
        }
      },
      onChange: async ({ documentName, context, transactionOrigin }) => {
        const typed = typeof transactionOrigin === 'object' && transactionOrigin !== null;
        if (typed) this.#open.get(documentName)?.file.typed(context.actor);
      },
      onStateless: async ({ documentName, payload }) => {
        if (payload === 'save') await this.#open.get(documentName)?.file.save();
      },
    });
    this.#timer = setInterval(() => void this.#closeIdle(), idleMs / 4).unref();
  }

  /** The name under which the file can be typed into by several; null for what is no text, too large, not there, or one too many. */
  async open(typist: Typist, path: string): Promise<string | null> {
    await this.#log.requireEditable(typist.runId);
    const key = `${typist.runId}/${path}`;
    for (const [name, { file }] of this.#open) if (file.runId === typist.runId && file.path === path) return name;
    const opening = this.#opening.get(key) ?? this.#begin(typist, path).finally(() => this.#opening.delete(key));
    this.#opening.set(key, opening);
    try {
      return await opening;
    } catch (error) {
      if (error instanceof DomainError && unshareable.has(error.code)) return null;
      throw error;
    }
  }

  /** A person's browser, which was let in. */
  connect(socket: WebSocket, request: Request, typist: Typist): void {
    const client = this.#server.handleConnection(socket, request, typist);
    socket.on('message', (data: Buffer) => client.handleMessage(new Uint8Array(data)));
    socket.on('close', (code, reason) => client.handleClose({ code, reason: reason.toString() }));
    socket.on('error', () => socket.terminate());
  }

  /** Resolves when what was typed into these files (null: into any) is in the workspace. Never throws. */
  async settle(workspaceId: string, paths: readonly string[] | null): Promise<void> {
    await Promise.all(this.#meant(workspaceId, paths).map((file) => file.save()));
  }

  /** These files (null: any) may hold something else now: whoever has them open sees it. Never throws. */
  async changed(workspaceId: string, paths: readonly string[] | null): Promise<void> {
    await Promise.all(this.#meant(workspaceId, paths).map((file) => file.pull()));
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all([...this.#open.keys()].map((name) => this.#shut(name)));
  }

  #meant(workspaceId: string, paths: readonly string[] | null): SharedFile[] {
    return [...this.#open.values()]
      .map(({ file }) => file)
      .filter((file) => runWorkspaceId(file.runId) === workspaceId && (paths?.includes(file.path) ?? true));
  }

  async #begin(typist: Typist, path: string): Promise<string> {
    if (this.#open.size >= mostOpen)
      throw new DomainError('too_many_open', 'unavailable', {
        message: `${mostOpen} files are open already; close some.`,
      });
    const name = `${typist.runId}/${randomUUID()}`;
    this.#filling.set(name, { ...typist, path });
    try {
      const direct = await this.#server.openDirectConnection(name, typist);
      const file = this.#filled.get(name);
      if (!file) throw noSuch();
      this.#open.set(name, { file, direct, idleSince: null });
      return name;
    } catch (error) {
      throw this.#failures.get(name) ?? error;
    } finally {
      this.#failures.delete(name);
      this.#filling.delete(name);
      this.#filled.delete(name);
    }
  }

  async #fill(
    name: string,
    { runId, path }: Typist & { readonly path: string },
    doc: Parameters<typeof SharedFile.open>[0]['doc'] & { broadcastStateless(payload: string): void },
  ): Promise<void> {
    const file = await SharedFile.open({
      runId,
      path,
      doc,
      inWorkspace: (act) => this.#stays.in(runId, act),
      announced: (act) => this.#unannounced.announced(runId, [path], act),
      record: (change, actor) => this.#log.record(runId, change, actor),
      tell: (note) => doc.broadcastStateless(JSON.stringify(note)),
    });
    this.#filled.set(name, file);
  }

  #require(name: string, { runId }: Typist): void {
    if (this.#open.get(name)?.file.runId !== runId) throw noSuch();
  }

  async #closeIdle(): Promise<void> {
    for (const [name, open] of this.#open) {
      const users = (this.#server.documents.get(name)?.getConnectionsCount() ?? 1) - 1;
      if (users > 0) open.idleSince = null;
      else if (open.idleSince === null) open.idleSince = performance.now();
      else if (performance.now() - open.idleSince > idleMs) await this.#shut(name);
    }
  }

  async #shut(name: string): Promise<void> {
    const open = this.#open.get(name);
    if (!open) return;
    await open.file.save();
    this.#open.delete(name);
    this.#server.closeConnections(name);
    await open.direct.disconnect();
  }
}

/** Without words, for Hocuspocus writes them to the console. */
function noSuch(): Error {
  return Object.assign(new Error(''), { reason: 'There is no such document; open the file again.' });
}
