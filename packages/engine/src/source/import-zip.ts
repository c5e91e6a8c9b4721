import type { RestoreEntry, Workspace } from '@devfactory/kit';
import { openListing, type ZipItem, type ZipListing } from './zip-listing.ts';

/** Bytes from which a file goes in part by part, where the driver can. */
const largeBytes = 16 * 1024 * 1024;
const partBytes = 1024 * 1024;

/**
 * Refuses what importing would refuse, damaged entries included: each is unpacked to nowhere. Throws as `openListing` does.
 * For whoever takes a ZIP in and wants to say so at once.
 */
export async function inspectZip(path: string): Promise<{ readonly files: number; readonly bytes: number }> {
  const { zip, items, bytes } = await openListing(path);
  try {
    for (const item of items) if (item.type === 'file') await unpackToNowhere(zip.read(item.packed));
  } finally {
    await zip.close();
  }
  return { files: items.filter((item) => item.type !== 'directory').length, bytes };
}

async function unpackToNowhere(stream: AsyncIterable<Uint8Array>): Promise<void> {
  // Reading is all that is wanted: it checks sizes and sums.
  for await (const _ of stream);
}

/** Unpacks a ZIP into an empty workspace. Refused ZIPs leave it empty; a damaged entry may leave a part behind. */
export async function importZip(workspace: Workspace, path: string): Promise<void> {
  const listing = await openListing(path);
  try {
    const large = workspace.files.writePart
      ? listing.items.filter((item) => item.type === 'file' && item.size >= largeBytes)
      : [];
    await workspace.files.putMany(entries(listing, new Set(large)));
    for (const item of large) await putLarge(workspace, listing, item);
  } finally {
    await listing.zip.close();
  }
}

async function* entries(
  { zip, items, folders }: ZipListing,
  skipped: ReadonlySet<ZipItem>,
): AsyncIterable<RestoreEntry> {
  // Many ZIPs name files alone, and not the folders that they lie in.
  const modes = new Map(items.flatMap(({ type, path, mode }) => (type === 'directory' ? [[path, mode]] : [])));
  for (const path of folders) yield { type: 'directory', path, raw: false, mode: modes.get(path) ?? 0o755 };
  for (const item of items) {
    if (skipped.has(item) || item.type === 'directory') continue;
    const name = { path: item.path, raw: false };
    if (item.type === 'symlink') yield { type: 'symlink', ...name, target: item.target ?? '' };
    else
      yield {
        type: 'file',
        ...name,
        mode: item.mode,
        bytes: await collect(zip.read(item.packed)),
        mtimeMs: item.mtimeMs,
      };
  }
}

async function putLarge(workspace: Workspace, { zip }: ZipListing, item: ZipItem): Promise<void> {
  const name = { path: item.path, raw: false };
  await workspace.files.putMany([
    { type: 'file', ...name, mode: item.mode, bytes: new Uint8Array(), mtimeMs: item.mtimeMs },
  ]);
  let offset = 0;
  for await (const bytes of inParts(zip.read(item.packed))) {
    await workspace.files.writePart?.(name, { offset, bytes, mtimeMs: item.mtimeMs });
    offset += bytes.length;
  }
}

async function* inParts(stream: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let [chunks, size]: [Uint8Array[], number] = [[], 0];
  for await (const chunk of stream) {
    chunks.push(chunk);
    size += chunk.length;
    if (size < partBytes) continue;
    yield Buffer.concat(chunks);
    [chunks, size] = [[], 0];
  }
  if (size > 0) yield Buffer.concat(chunks);
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
