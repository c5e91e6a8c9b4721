import { randomBytes } from 'node:crypto';
import type { Trial } from '@devfactory/contracts';
import { DomainError, type BlobStore } from '@devfactory/kit';

/** Writes a few bytes that nobody else has, reads them, and removes them again. */
export async function tryBlobs(blobs: BlobStore): Promise<Trial> {
  const began = performance.now();
  const done = (ok: boolean, sentence: string): Trial => ({ ok, sentence, ms: Math.round(performance.now() - began) });
  try {
    const bytes = randomBytes(64);
    const digest = await blobs.put(bytes);
    const read = await blobs.get(digest);
    await blobs.remove(digest);
    if (!bytes.equals(read)) return done(false, `${blobs.place} gave other bytes than were written.`);
    if (await blobs.has(digest)) return done(false, `${blobs.place} still has what was removed.`);
    return done(true, `${blobs.place} can be written, read and removed from.`);
  } catch (error) {
    if (error instanceof DomainError) return done(false, error.message);
    throw error;
  }
}
