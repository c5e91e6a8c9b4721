import { createHash } from 'node:crypto';
import { limits, type Actor, type FileChange, type FileWritten } from '@devfactory/contracts';
import { decodeText, describeEdit } from '@devfactory/engine';
import { DomainError, type Workspace } from '@devfactory/kit';
import { HttpProblem } from '../http/problem.ts';
import type { EditLog } from './edit-log.ts';
import type { Stays } from './stays.ts';
import type { UnannouncedEdits } from './unannounced-edits.ts';

/** What a person wants a file to be. `expected`: SHA-256 of what they saw, null for no file. */
export interface FileWish {
  readonly path: string;
  readonly expected: string | null;
  readonly via: FileChange['via'];
  readonly actor: Actor;
}

/** Tells whoever has a file open together with others. */
type ToldOfChange = (runId: string, path: string) => Promise<void>;

export interface PersonEditsParts {
  readonly stays: Stays;
  readonly log: EditLog;
  readonly unannounced: UnannouncedEdits;
  readonly changed: ToldOfChange;
}

/** Changes that people make in a run's workspace themselves: through its supervisor, never over something they did not see, and logged. */
export class PersonEdits {
  readonly #stays: Stays;
  readonly #log: EditLog;
  readonly #unannounced: UnannouncedEdits;
  readonly #changed: ToldOfChange;

  constructor(parts: PersonEditsParts) {
    this.#stays = parts.stays;
    this.#log = parts.log;
    this.#unannounced = parts.unannounced;
    this.#changed = parts.changed;
  }

  /** Throws HttpProblem 409 file_changed with what is there now, and what the workspace refuses. */
  async write(runId: string, wish: FileWish, bytes: Uint8Array): Promise<FileWritten> {
    await this.#log.requireEditable(runId);
    const { path, expected } = wish;
    return this.#in(runId, [path], async (workspace) => {
      const before = await bytesAt(workspace, path);
      const now = before && digestOf(before);
      const wished = digestOf(bytes);
      // An answer that got lost on its way: it is as they want it.
      if (now === wished) return this.#sameAgain(runId, wish, wished);
      if (now !== expected) throw changedMeanwhile(path, before);
      try {
        await workspace.files.write(path, bytes, { expected });
      } catch (error) {
        if (!(error instanceof DomainError) || error.code !== 'file_changed') throw error;
        throw changedMeanwhile(path, await bytesAt(workspace, path));
      }
      const change = { path, via: wish.via, ...describeEdit({ before, after: bytes }) };
      const seq = await this.#log.record(runId, change, wish.actor);
      await this.#changed(runId, path);
      return { path, digest: wished, seq };
    });
  }

  /** Removes a file, a link, or a folder with all in it (`expected` null). */
  async remove(runId: string, { path, expected, via, actor }: FileWish): Promise<FileWritten> {
    await this.#log.requireEditable(runId);
    return this.#in(runId, [path], async (workspace) => {
      const before = expected === null ? null : await bytesAt(workspace, path);
      if (expected !== null && (before === null || digestOf(before) !== expected)) throw changedMeanwhile(path, before);
      if (expected === null) await requireThere(workspace, path);
      await workspace.files.remove(path);
      const change = { path, via, ...describeEdit({ before, after: null }), change: 'removed' as const };
      const seq = await this.#log.record(runId, change, actor);
      await this.#changed(runId, path);
      return { path, digest: null, seq };
    });
  }

  /** Moves a file or a folder to a path where nothing is. */
  async move(
    runId: string,
    { from, to, actor }: { readonly from: string; readonly to: string; readonly actor: Actor },
  ): Promise<FileWritten> {
    await this.#log.requireEditable(runId);
    return this.#in(runId, [from, to], async (workspace) => {
      const { exitCode, stderr } = await workspace.exec({
        argv: ['/bin/sh', '-c', moveScript, 'move', `./${from}`, `./${to}`],
        timeoutMs: 20_000,
      });
      const refusal = moveRefusals[String(exitCode)];
      if (refusal) throw new DomainError(refusal.code, refusal.kind, { message: refusal.message(from, to) });
      if (exitCode !== 0)
        throw new DomainError('move_failed', 'unavailable', {
          message: `"${from}" was not moved: ${stderr.slice(0, 300)}`,
        });
      const after = await bytesAt(workspace, to).catch(() => null);
      const seq = await this.#log.record(
        runId,
        {
          ...nothingChanged,
          path: to,
          from,
          change: 'moved',
          via: 'editor',
          bytes: after?.length ?? 0,
          after: after && digestOf(after),
        },
        actor,
      );
      await Promise.all([this.#changed(runId, from), this.#changed(runId, to)]);
      return { path: to, digest: after && digestOf(after), seq };
    });
  }

  #in<T>(runId: string, paths: readonly string[], act: (workspace: Workspace) => Promise<T>): Promise<T> {
    return this.#unannounced.announced(runId, paths, () => this.#stays.in(runId, act));
  }

  async #sameAgain(runId: string, wish: FileWish, digest: string): Promise<FileWritten> {
    const known = await this.#log.seqOf(runId, { path: wish.path, after: digest });
    if (known !== null || wish.expected === digest)
      return { path: wish.path, digest, seq: known ?? (await this.#log.seq(runId)) };
    const change = {
      ...nothingChanged,
      path: wish.path,
      change: 'modified' as const,
      via: wish.via,
      before: wish.expected,
      after: digest,
    };
    return { path: wish.path, digest, seq: await this.#log.record(runId, change, wish.actor) };
  }
}

const nothingChanged = {
  before: null,
  after: null,
  bytes: 0,
  binary: false,
  additions: 0,
  deletions: 0,
  lines: [],
  excerpt: '',
} as const satisfies Partial<FileChange>;

/** In the sandbox, so that no path of a stranger is ever followed on the host. */
const moveScript = `
[ -e "$1" ] || [ -L "$1" ] || exit 16
if [ -e "$2" ] || [ -L "$2" ]; then exit 17; fi
inside() { case "$(realpath -m -- "$(dirname -- "$1")")/" in "$PWD"/*) ;; *) exit 18;; esac; }
inside "$1"; inside "$2"
mkdir -p -- "$(dirname -- "$2")" && mv -T -- "$1" "$2"
`;

const moveRefusals: Readonly<
  Record<
    string,
    { code: string; kind: 'not-found' | 'conflict' | 'forbidden'; message: (from: string, to: string) => string }
  >
> = {
  16: { code: 'file_missing', kind: 'not-found', message: (from) => `"${from}" is not there.` },
  17: { code: 'path_taken', kind: 'conflict', message: (_, to) => `"${to}" is there already; choose another name.` },
  18: {
    code: 'path_escapes',
    kind: 'forbidden',
    message: (from, to) => `"${from}" or "${to}" leads out of the workspace.`,
  },
};

export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Null when nothing is there. Throws not_a_file, too_large, symlink_refused … */
export async function bytesAt(workspace: Workspace, path: string): Promise<Uint8Array | null> {
  try {
    return await workspace.files.read(path, { maxBytes: limits.fileBytes });
  } catch (error) {
    if (error instanceof DomainError && error.code === 'file_missing') return null;
    throw error;
  }
}

async function requireThere(workspace: Workspace, path: string): Promise<void> {
  const found = await workspace.exec({
    argv: ['/bin/sh', '-c', '[ -e "$1" ] || [ -L "$1" ]', 'there', `./${path}`],
    timeoutMs: 20_000,
  });
  if (found.exitCode !== 0) throw new DomainError('file_missing', 'not-found', { message: `"${path}" is not there.` });
}

function changedMeanwhile(path: string, now: Uint8Array | null): HttpProblem {
  const detail =
    now === null
      ? `"${path}" is not there any more; nothing was written. Save it as a new file, or leave it.`
      : `"${path}" was changed since you opened it; nothing was written. Take over what you want of both, and save again.`;
  const text = now && now.length <= limits.editableBytes ? decodeText(now) : null;
  return new HttpProblem(409, 'file_changed', { detail, current: { digest: now && digestOf(now), text } });
}
