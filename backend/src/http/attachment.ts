import type { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

export interface Attachment {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: number | null;
}

/** Bytes to be saved, never shown: whatever a run made must not become a page of ours. */
export async function sendAttachment(reply: FastifyReply, file: Attachment, body: Readable | Buffer): Promise<void> {
  void reply.headers({
    'content-type': file.mediaType,
    'content-disposition': `attachment; filename="${file.name.replaceAll(/[^\w.-]/g, '_')}"; filename*=UTF-8''${encode(file.name)}`,
    'content-security-policy': "sandbox; default-src 'none'",
    ...(file.bytes === null ? {} : { 'content-length': String(file.bytes) }),
  });
  await reply.send(body);
}

/** RFC 8187. */
function encode(name: string): string {
  return encodeURIComponent(name.toWellFormed()).replaceAll(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
