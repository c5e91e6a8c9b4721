import { hash } from 'node:crypto';
import type { BlobSource } from '@devfactory/azure';
import type { ManifestEntry } from '@devfactory/contracts';
import type { BlobStore, ExportRequest } from '@devfactory/kit';

/** Larger files are not held in memory. */
const inMemory = 8 * 1024 * 1024;

export function fromBytes(bytes: Uint8Array): BlobSource {
  return { size: bytes.length, read: async (offset, length) => bytes.subarray(offset, offset + length) };
}

export function fromStore(blobs: BlobStore, { digest, size }: { digest: string; size: number }): BlobSource {
  return { size, read: (offset, length) => blobs.getRange(digest, { offset, length }) };
}

/** A file of the tree, and its bytes where they are few. A large one lies in the blob store meanwhile, where it can be read in parts. */
export async function fromTree(
  { tree, blobs }: Pick<ExportRequest, 'tree' | 'blobs'>,
  entry: ManifestEntry & { readonly type: 'file' },
): Promise<{ readonly source: BlobSource; readonly bytes: Uint8Array | null }> {
  if (entry.size > inMemory) return { source: fromStore(blobs, await blobs.putStream(tree.read(entry))), bytes: null };
  const chunks: Uint8Array[] = [];
  for await (const chunk of tree.read(entry)) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  return { source: fromBytes(bytes), bytes };
}

export const sha256 = (bytes: Uint8Array): string => hash('sha256', bytes, 'hex');
