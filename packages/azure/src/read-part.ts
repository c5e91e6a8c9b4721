import { hash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { ContainerClient } from '@azure/storage-blob';
import { BrokenTransfer } from './answers.ts';

export interface BlobPart {
  readonly name: string;
  readonly offset: number;
  /** At most 4 MiB: the service gives a checksum for no more. */
  readonly length: number;
  readonly signal: AbortSignal;
}

/** A part of a blob, compared with the service's checksum, and the size of the whole. Throws BrokenTransfer, and what the service answers. */
export async function readPart(
  container: ContainerClient,
  { name, offset, length, signal }: BlobPart,
): Promise<{ bytes: Buffer; size: number }> {
  const options = { rangeGetContentMD5: true, maxRetryRequests: 0, abortSignal: signal };
  const answer = await container.getBlobClient(name).download(offset, length, options);
  const bytes = await buffer(answer.readableStreamBody ?? Readable.from([])).catch((error: unknown) => {
    throw new BrokenTransfer('The answer broke off.', { cause: error });
  });
  if (bytes.length !== answer.contentLength) throw new BrokenTransfer('The answer ended early.');
  if (answer.contentMD5 && !hash('md5', bytes, 'buffer').equals(answer.contentMD5))
    throw new BrokenTransfer('The answer was damaged on its way.');
  const size = Number(/\/(\d+)$/.exec(answer.contentRange ?? '')?.[1] ?? bytes.length);
  return { bytes, size };
}
