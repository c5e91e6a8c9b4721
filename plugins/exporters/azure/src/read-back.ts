import { createHash } from 'node:crypto';
import { DomainError } from '@devfactory/kit';
import { forEachOf } from './for-each-of.ts';
import type { DeliveryPlace } from './place.ts';

/** Reads every blob again and compares it with what it must be; tells the bytes that were read. Throws azure_read_back, which names the first that differs. */
export async function readBack(
  place: DeliveryPlace,
  parts: readonly { readonly name: string; readonly sha256: string }[],
  progress: (bytes: number) => void = () => {},
): Promise<void> {
  let read = 0;
  await forEachOf(parts, async ({ name, sha256 }) => {
    const sha = createHash('sha256');
    for await (const chunk of place.read(name)) {
      sha.update(chunk);
      progress((read += chunk.length));
    }
    if (sha.digest('hex') === sha256) return;
    throw new DomainError('azure_read_back', 'conflict', {
      message: `${name} was read back and does not hold what was delivered: somebody changed it at the same moment. Look at it there, then deliver again.`,
    });
  });
}
