import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { ManifestEntry } from '@devfactory/contracts';
import { DomainError, type ArrivedEntry, type SourceTree } from '@devfactory/kit';
import { treeHash } from '../checkpoints/index.ts';
import { byKey, isSafeName, keyOf } from '../checkpoints/paths.ts';

/**
 * What a destination holds as a tree of its own: each file kept below `directory` under the digest of its bytes, never under its name.
 * Reads no more than the approved tree has. Throws arrived_otherwise where that tells that it is another one.
 */
export async function keepArrived(
  arrived: AsyncIterable<ArrivedEntry>,
  { directory, approved }: { readonly directory: string; readonly approved: SourceTree },
): Promise<SourceTree> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const entries = new Map<string, ManifestEntry>();
  let room = approved.entries.reduce((sum, entry) => sum + (entry.type === 'file' ? entry.size : 0), 0);
  for await (const item of arrived) {
    const { path } = item;
    if (!isSafeName({ path, raw: false }) || entries.has(path) || entries.size === approved.entries.length)
      throw otherwise(`it holds "${path.slice(0, 300)}", which was not delivered`);
    const entry = item.type === 'symlink' ? item : await keep(item, { directory, room });
    if (entry.type === 'file') room -= entry.size;
    entries.set(path, entry);
  }
  const sorted = [...entries.values()].toSorted((a, b) => byKey(keyOf(a), keyOf(b)));
  return {
    hash: treeHash(sorted),
    entries: sorted,
    read: (entry) => createReadStream(join(directory, entry.object)),
  };
}

async function keep(
  { path, executable, bytes }: ArrivedEntry & { readonly type: 'file' },
  { directory, room }: { readonly directory: string; readonly room: number },
): Promise<ManifestEntry & { readonly type: 'file' }> {
  const sha = createHash('sha256');
  const partial = join(directory, 'partial');
  const file = await open(partial, 'w', 0o600);
  let size = 0;
  try {
    for await (const chunk of bytes) {
      size += chunk.length;
      if (size > room) throw otherwise(`"${path.slice(0, 300)}" makes it larger than what was delivered`);
      sha.update(chunk);
      await file.writeFile(chunk);
    }
  } finally {
    await file.close();
  }
  const object = sha.digest('hex');
  await rename(partial, join(directory, object));
  return { type: 'file', path, mode: executable ? 0o755 : 0o644, size, object, mtimeMs: 0 };
}

function otherwise(why: string): DomainError {
  return new DomainError('arrived_otherwise', 'conflict', {
    message: `What arrived is not the approved tree: ${why}.`,
  });
}
