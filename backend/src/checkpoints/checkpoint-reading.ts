import type { ChangedPath, Checkpoint, ManifestEntry } from '@devfactory/contracts';
import { limits } from '@devfactory/contracts';
import {
  changedPaths,
  decodeText,
  filePatch,
  loadManifest,
  readObject,
  sourceEntries,
  type FilePatch,
} from '@devfactory/engine';
import { DomainError, type BlobStore } from '@devfactory/kit';
import { pictureBytes } from '../http/picture.ts';
import type { EventStore } from '../store/event-store.ts';
import { checkpointOf } from './checkpoint-of.ts';
import type { FileList, FileText } from './shapes.ts';

const mostEntries = 20_000;

/** Looks into checkpoints' source trees. Paths are looked up in the manifest alone; no path ever reaches a file system. */
export class CheckpointReading {
  readonly #events: EventStore;
  readonly #blobs: BlobStore;

  constructor(events: EventStore, blobs: BlobStore) {
    this.#events = events;
    this.#blobs = blobs;
  }

  async files(runId: string, checkpointId: string): Promise<FileList> {
    const entries = sourceEntries(await loadManifest(this.#blobs, await this.#checkpoint(runId, checkpointId)));
    return {
      entries: entries.slice(0, mostEntries).map((entry) => ({
        path: entry.path,
        type: entry.type,
        size: entry.type === 'file' ? entry.size : 0,
        mode: entry.type === 'symlink' ? 0o777 : entry.mode,
      })),
      truncated: entries.length > mostEntries,
    };
  }

  /** A file's text, or that it is binary or too large to show. A symbolic link shows where it leads. */
  async file(runId: string, checkpointId: string, path: string): Promise<FileText> {
    const { manifest, entry } = await this.#entry(runId, checkpointId, path);
    if (entry.type === 'symlink') return { path, text: entry.target, binary: false, truncated: false, size: 0 };
    if (entry.size > limits.fileViewBytes)
      return { path, text: null, binary: false, truncated: true, size: entry.size };
    const text = decodeText(await readObject(this.#blobs, manifest, entry));
    return { path, text, binary: text === null, truncated: false, size: entry.size };
  }

  /** A regular file's bytes, up to what is shown as a picture. */
  async bytes(runId: string, checkpointId: string, path: string): Promise<Uint8Array> {
    const { manifest, entry } = await this.#entry(runId, checkpointId, path);
    if (entry.type === 'symlink' || entry.size > pictureBytes) return new Uint8Array();
    return readObject(this.#blobs, manifest, entry);
  }

  async changes(runId: string, span: { readonly from: string; readonly to: string }): Promise<ChangedPath[]> {
    return changedPaths(this.#blobs, await this.#points(runId, span));
  }

  async change(
    runId: string,
    span: { readonly from: string; readonly to: string; readonly path: string; readonly oldPath?: string | undefined },
  ): Promise<FilePatch> {
    return filePatch(this.#blobs, { ...(await this.#points(runId, span)), path: span.path, oldPath: span.oldPath });
  }

  async #entry(
    runId: string,
    checkpointId: string,
    path: string,
  ): Promise<{
    manifest: Awaited<ReturnType<typeof loadManifest>>;
    entry: Exclude<ManifestEntry, { readonly type: 'directory' }>;
  }> {
    const manifest = await loadManifest(this.#blobs, await this.#checkpoint(runId, checkpointId));
    const entry = sourceEntries(manifest).find((item) => item.path === path);
    if (!entry || entry.type === 'directory') {
      throw new DomainError('file_missing', 'not-found', {
        message: `Checkpoint ${checkpointId} of run ${runId} has no such file in its source tree.`,
      });
    }
    return { manifest, entry };
  }

  async #points(
    runId: string,
    span: { readonly from: string; readonly to: string },
  ): Promise<{ from: Checkpoint; to: Checkpoint }> {
    return { from: await this.#checkpoint(runId, span.from), to: await this.#checkpoint(runId, span.to) };
  }

  async #checkpoint(runId: string, checkpointId: string): Promise<Checkpoint> {
    return checkpointOf(await this.#events.state(runId), checkpointId);
  }
}
