import { limits, type WorkspaceFile, type WorkspaceFolder } from '@devfactory/contracts';
import { decodeText } from '@devfactory/engine';
import { DomainError } from '@devfactory/kit';
import { digestOf } from './person-edits.ts';
import type { Stays } from './stays.ts';

const mostEntries = 5000;

/** Looks into a run's workspace as it is now, through its supervisor. */
export class WorkspaceLooking {
  readonly #stays: Stays;

  constructor(stays: Stays) {
    this.#stays = stays;
  }

  /** One folder; '.' is the workspace. */
  async folder(runId: string, path: string): Promise<WorkspaceFolder> {
    const entries = await this.#stays.in(runId, (workspace) => workspace.files.list(path));
    return {
      entries: entries
        .slice(0, mostEntries)
        .map(({ path: name, type, size, raw }) => ({ path: name, type, size, raw })),
      truncated: entries.length > mostEntries,
    };
  }

  /** A file's text and hash, or why there is none, in words. Throws file_missing, not_a_file, path_escapes … */
  async file(runId: string, path: string): Promise<WorkspaceFile> {
    let bytes: Uint8Array;
    try {
      bytes = await this.bytes(runId, path);
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'too_large') throw error;
      const why = 'This file is too large to be opened here. Look at it in a terminal.';
      return { path, text: null, digest: null, size: null, why };
    }
    const known = { path, digest: digestOf(bytes), size: bytes.length };
    if (bytes.length > limits.editableBytes) {
      const why = `This file has ${(bytes.length / 1e6).toFixed(1)} MB; up to ${limits.editableBytes / 1e6} MB are opened here. Download it, or use a terminal.`;
      return { ...known, text: null, why };
    }
    const text = decodeText(bytes);
    const why = text === null ? 'This file is not text (UTF-8). Download it, or put another one in its place.' : '';
    return { ...known, text, why };
  }

  bytes(runId: string, path: string): Promise<Uint8Array> {
    return this.#stays.in(runId, (workspace) => workspace.files.read(path, { maxBytes: limits.fileBytes }));
  }
}
