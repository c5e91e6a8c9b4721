import { statusOf, type Calls } from '@devfactory/azure';
import { DomainError } from '@devfactory/kit';

const dayMs = 24 * 3_600_000;
/** Smaller ones cost more by their requests than they save. */
const smallest = 128 * 1024;

export interface CoolOptions {
  readonly prefix: string;
  readonly pageSize: number;
  /** Days after which a blob that was not stored again is moved; 0: never. */
  readonly afterDays: number;
  readonly tell: (line: string) => void;
}

/** Sets the tier Cool for large blobs that are hot and old. Reading them takes no longer there. Where the account has no tiers nothing is done. */
export async function coolBlobs(
  calls: Calls,
  { prefix, pageSize, afterDays, tell }: CoolOptions,
): Promise<{ blobs: number; bytes: number }> {
  const sums = { blobs: 0, bytes: 0 };
  if (afterDays === 0) return sums;
  for (let from: string | undefined; ;) {
    const page = await calls.send('listing blobs', async (container, abortSignal) => {
      const pages = container.listBlobsFlat({ prefix, abortSignal });
      const next = await pages.byPage({ maxPageSize: pageSize, ...(from ? { continuationToken: from } : {}) }).next();
      return next.done === true ? null : next.value;
    });
    // By the service's own clock, which dates its blobs.
    const before = (page?.date?.getTime() ?? Date.now()) - afterDays * dayMs;
    for (const { name, properties } of page?.segment.blobItems ?? []) {
      const { accessTier, contentLength = 0, lastModified } = properties;
      if (accessTier !== 'Hot' || contentLength < smallest || lastModified.getTime() >= before) continue;
      const moved = await moveOne(calls, name);
      if (moved === 'no-tiers') return sums;
      if (moved === 'gone') continue;
      sums.blobs += 1;
      sums.bytes += contentLength;
    }
    from = page?.continuationToken;
    if (from !== undefined && from !== '') continue;
    if (sums.blobs > 0) tell(`Azure: ${sums.blobs} old blobs (${sums.bytes} bytes) lie in the tier Cool now.`);
    return sums;
  }
}

/** Neither its bytes nor its date change. One that was stored again meanwhile is in Cool all the same: that costs a little, and harms nothing. */
async function moveOne(calls: Calls, name: string): Promise<'moved' | 'gone' | 'no-tiers'> {
  try {
    await calls.send('moving an old blob to the tier Cool', (container, abortSignal) =>
      container.getBlobClient(name).setAccessTier('Cool', { abortSignal }),
    );
    return 'moved';
  } catch (error) {
    if (statusOf(error) === 404) return 'gone';
    // 409 and the codes of Calls for other answers: this account, or this SAS, has no tiers.
    if (statusOf(error) === 409 || (error instanceof DomainError && /_(refused|failed)$/.test(error.code)))
      return 'no-tiers';
    throw error;
  }
}
