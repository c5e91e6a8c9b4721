import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { expect, test, vi } from 'vitest';
import { createAzureBlobStore } from './index.ts';

// In a file of its own: what the library has learnt of a machine's identity it keeps, for the whole process.
test('a machine without an identity that Azure knows is told so, and what to do', async () => {
  const server = createServer((_, answer) => void answer.writeHead(403).end());
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  vi.stubEnv('IDENTITY_ENDPOINT', `http://127.0.0.1:${(server.address() as AddressInfo).port}/msi/token`);
  vi.stubEnv('IDENTITY_HEADER', 'of-another-machine');
  // No command on this machine shall help out.
  vi.stubEnv('PATH', '');
  try {
    const store = createAzureBlobStore({
      access: { kind: 'url', url: 'https://127.0.0.1:1/devfactory/blobs' },
      spoolDirectory: tmpdir(),
      pauseMs: 1,
    });
    await expect(store.put(Buffer.from('x'))).rejects.toMatchObject({
      code: 'blob_store_refused',
      message: expect.stringMatching(/no identity .*az login/),
    });
  } finally {
    vi.unstubAllEnvs();
    server.close();
  }
}, 60_000);
