import { fastify } from 'fastify';
import { expect, test } from 'vitest';
import { sendPicture } from './picture.ts';

async function shown(
  bytes: Buffer,
): Promise<{ readonly status: number; readonly type: unknown; readonly policy: unknown }> {
  const app = fastify();
  app.get('/', (_, reply) => sendPicture(reply, bytes));
  const { statusCode, headers } = await app.inject('/');
  await app.close();
  return { status: statusCode, type: headers['content-type'], policy: headers['content-security-policy'] };
}

test('a picture is told by its bytes and walled', async () => {
  const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
  expect(await shown(png)).toEqual({ status: 200, type: 'image/png', policy: "sandbox; default-src 'none'" });
  expect(await shown(Buffer.from('RIFF\x10\x00\x00\x00WEBPVP8 ', 'latin1'))).toMatchObject({ type: 'image/webp' });
});

test.each([
  '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
  '<!doctype html><script>alert(1)</script>',
  '',
])('a page is never sent as a picture: %s', async (text) => {
  expect((await shown(Buffer.from(text))).type).not.toMatch(/^(image|text\/html)/);
});
