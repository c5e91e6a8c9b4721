import type { FastifyReply } from 'fastify';
import { HttpProblem } from './problem.ts';

/** Larger ones are downloaded, not looked at. */
export const pictureBytes = 20 * 1024 * 1024;

/** By their first bytes. SVG is a page with scripts, not a picture. */
const kinds: readonly { readonly mediaType: string; readonly is: (head: Buffer) => boolean }[] = [
  { mediaType: 'image/png', is: (head) => head.subarray(0, 8).toString('latin1') === '\x89PNG\r\n\x1a\n' },
  { mediaType: 'image/jpeg', is: (head) => head.subarray(0, 3).toString('latin1') === '\xff\xd8\xff' },
  { mediaType: 'image/gif', is: (head) => /^GIF8[79]a/.test(head.toString('latin1')) },
  { mediaType: 'image/webp', is: (head) => /^RIFF[^]{4}WEBP/.test(head.toString('latin1')) },
  { mediaType: 'image/avif', is: (head) => head.subarray(4, 12).toString('latin1') === 'ftypavif' },
];

/** Shows what is a picture by its own bytes, whatever it is called; everything else is refused. Opened by itself it is walled like a download. */
export async function sendPicture(reply: FastifyReply, bytes: Uint8Array): Promise<void> {
  const head = Buffer.from(bytes.subarray(0, 16));
  const kind = kinds.find(({ is }) => is(head));
  if (!kind || bytes.byteLength > pictureBytes)
    throw new HttpProblem(415, 'no_picture', {
      detail: 'This is no picture that the console shows: PNG, JPEG, GIF, WebP or AVIF of up to 20 MiB.',
    });
  void reply.headers({
    'content-type': kind.mediaType,
    'content-disposition': 'inline',
    'content-security-policy': "sandbox; default-src 'none'",
    'content-length': String(bytes.byteLength),
  });
  await reply.send(Buffer.from(bytes));
}
