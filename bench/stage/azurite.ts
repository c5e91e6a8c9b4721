import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Bench } from './bench.ts';

const account = 'devfactory';
const key = Buffer.from('a key for an emulator on loopback').toString('base64');

/** Azure's emulator on this machine, with its blobs on the disk, in a process of its own. Gives a connection string. Throws when it is not installed. */
export async function openAzurite(bench: Bench): Promise<string> {
  const folder = await bench.folder('azurite');
  let main: string;
  try {
    main = join(dirname(createRequire(import.meta.url).resolve('azurite/package.json')), 'dist/src/blob/main.js');
  } catch {
    throw new Error('Azurite is not installed: npm ci brings it');
  }
  const options = ['--location', folder, '--silent', '--skipApiVersionCheck', '--disableTelemetry', '--blobPort', '0'];
  const child = spawn(process.execPath, [main, ...options], {
    cwd: folder,
    env: { ...process.env, AZURITE_ACCOUNTS: `${account}:${key}` },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(child, 'exit');
  bench.after(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const port = /listens on http:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
    if (port === undefined) continue;
    child.stdout.resume();
    const endpoint = `http://127.0.0.1:${port}/${account}`;
    return `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${key};BlobEndpoint=${endpoint};`;
  }
  throw new Error('Azurite did not start');
}
