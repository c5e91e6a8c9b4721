import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

const account = 'devfactory';

/** Azure's own emulator of Blob Storage, in memory. It may lose what it acknowledged when it is killed: for tests only. */
export interface Azurite {
  /** `http://127.0.0.1:PORT/ACCOUNT`, or https with a certificate. */
  readonly url: string;
  readonly account: string;
  readonly key: string;
  /** For this emulator, or for what stands before it on another port. */
  connectionString(port?: number): string;
  stop(): Promise<void>;
}

/** A certificate for 127.0.0.1 that the test trusts, as files. */
export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
}

/** Ends when its standard input does, so it outlives no test runner, however that one dies. */
const endsWithParent = 'data:text/javascript,process.stdin.on("end",()=>process.exit()).resume()';

/**
 * With a certificate it speaks https and takes bearer tokens of Entra ID too, whose signature it does not check.
 * Throws when it does not listen. It is a development package: `npm ci` brings it. */
export async function startAzurite(certificate?: TestCertificate): Promise<Azurite> {
  const main = join(dirname(createRequire(import.meta.url).resolve('azurite/package.json')), 'dist/src/blob/main.js');
  const key = randomBytes(32).toString('base64');
  const plain = ['--inMemoryPersistence', '--skipApiVersionCheck', '--disableTelemetry', '--blobPort', '0'];
  const secure = certificate ? ['--oauth', 'basic', '--cert', certificate.cert, '--key', certificate.key] : [];
  const child = spawn(process.execPath, ['--import', endsWithParent, main, ...plain, ...secure], {
    // In memory it writes nothing there.
    cwd: tmpdir(),
    env: { ...process.env, AZURITE_ACCOUNTS: `${account}:${key}` },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  const said: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  const port = await new Promise<number | null>((found) => {
    createInterface(child.stdout).on('line', (line) => {
      said.push(line);
      const listening = /listens on https?:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
      if (listening !== undefined) found(Number(listening));
    });
    child.once('exit', () => found(null));
  });
  const scheme = certificate ? 'https' : 'http';
  if (port !== null) return azurite({ ownPort: port, key, scheme }, stop);
  await stop();
  throw new Error(`Azurite did not start: ${said.join('\n')}`);
}

function azurite(
  { ownPort, key, scheme }: { readonly ownPort: number; readonly key: string; readonly scheme: 'http' | 'https' },
  stop: () => Promise<void>,
): Azurite {
  const at = (port: number): string => `${scheme}://127.0.0.1:${port}/${account}`;
  return {
    url: at(ownPort),
    account,
    key,
    connectionString: (port = ownPort) =>
      `DefaultEndpointsProtocol=${scheme};AccountName=${account};AccountKey=${key};BlobEndpoint=${at(port)};`,
    stop,
  };
}
