import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { Transform } from 'node:stream';

const account = 'devfactory';

/** Azure's emulator, in memory. */
export interface Azurite {
  connectionString(port?: number): string;
  /** The same behind a thin line of so many bytes a second upwards. Gives its port. */
  slowly(bytesPerSecond: number): Promise<number>;
  stop(): Promise<void>;
}

export async function startAzurite(): Promise<Azurite> {
  const main = join(dirname(createRequire(import.meta.url).resolve('azurite/package.json')), 'dist/src/blob/main.js');
  const key = randomBytes(32).toString('base64');
  const options = [
    '--inMemoryPersistence',
    '--silent',
    '--skipApiVersionCheck',
    '--disableTelemetry',
    '--blobPort',
    '0',
  ];
  const child = spawn(process.execPath, [main, ...options], {
    cwd: tmpdir(),
    env: { ...process.env, AZURITE_ACCOUNTS: `${account}:${key}` },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(child, 'exit');
  const port = await listening(child.stdout);
  child.stdout.resume();
  const lines: { close(): void }[] = [];
  return {
    connectionString: (at = port) =>
      `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${key};BlobEndpoint=http://127.0.0.1:${at}/${account};`,
    slowly: async (bytesPerSecond) => {
      const line = createServer((near) => {
        const far = connect(port, '127.0.0.1');
        for (const socket of [near, far]) socket.on('error', () => (near.destroy(), far.destroy()));
        near.pipe(thin(bytesPerSecond)).pipe(far).pipe(near);
      });
      lines.push(line);
      await once(line.listen(0, '127.0.0.1'), 'listening');
      return (line.address() as AddressInfo).port;
    },
    stop: async () => {
      for (const line of lines) line.close();
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function listening(stdout: NodeJS.ReadableStream): Promise<number> {
  for await (const line of createInterface({ input: stdout })) {
    const port = /listens on http:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
    if (port !== undefined) return Number(port);
  }
  throw new Error('Azurite did not start; npm ci brings it.');
}

function thin(bytesPerSecond: number): Transform {
  return new Transform({
    transform: (chunk: Buffer, _, done) => {
      setTimeout(done, (1000 * chunk.length) / bytesPerSecond, null, chunk);
    },
  });
}
