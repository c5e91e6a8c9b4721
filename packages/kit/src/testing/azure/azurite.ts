import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

const account = 'devfactory';

/** Azure's own emulator of Blob Storage, in memory. It may lose what it acknowledged when it is killed: for tests only. */
export interface Azurite {
  /** `http://127.0.0.1:PORT/ACCOUNT` */
  readonly url: string;
  readonly account: string;
  readonly key: string;
  /** For this emulator, or for what stands before it on another port. */
  connectionString(port?: number): string;
  stop(): Promise<void>;
}

/** Throws when it does not listen. It is a development package: `npm ci` brings it. */
export async function startAzurite(): Promise<Azurite> {
  const main = join(dirname(createRequire(import.meta.url).resolve('azurite/package.json')), 'dist/src/blob/main.js');
  const folder = mkdtempSync(join(tmpdir(), 'df-azurite-'));
  const key = randomBytes(32).toString('base64');
  const child = spawn(
    process.execPath,
    [main, '--inMemoryPersistence', '--skipApiVersionCheck', '--disableTelemetry', '--blobPort', '0'],
    { cwd: folder, env: { ...process.env, AZURITE_ACCOUNTS: `${account}:${key}` }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const ended = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  // A test runner that is ended leaves no emulator behind.
  process.once('exit', () => child.kill('SIGKILL'));
  const said: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  const port = await new Promise<number | null>((found) => {
    createInterface(child.stdout).on('line', (line) => {
      said.push(line);
      const listening = /listens on http:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
      if (listening !== undefined) found(Number(listening));
    });
    child.once('exit', () => found(null));
  });
  if (port !== null) return azurite(port, key, stop);
  await stop();
  throw new Error(`Azurite did not start: ${said.join('\n')}`);
}

function azurite(ownPort: number, key: string, stop: () => Promise<void>): Azurite {
  const at = (port: number): string => `http://127.0.0.1:${port}/${account}`;
  return {
    url: at(ownPort),
    account,
    key,
    connectionString: (port = ownPort) =>
      `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${key};BlobEndpoint=${at(port)};`,
    stop,
  };
}
