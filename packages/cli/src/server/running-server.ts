import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createClient, type Client } from '@devfactory/client';
import { z } from 'zod';
import { CliError, systemCode } from '../failure.ts';

/** What a running server leaves in its data directory. */
const ServerFile = z.object({ port: z.int(), pid: z.int(), url: z.string(), startedAt: z.string() });
type ServerFile = z.infer<typeof ServerFile>;

export interface RunningServer {
  readonly client: Client;
  readonly url: string;
  readonly token: string;
  readonly pid: number;
}

/** A server that is busy may need a moment; it wrote its file when it could be reached. */
const tries = 3;

/**
 * The server of a data directory, when one runs and answers; null when none does: a file left by a killed one, or one that hangs, counts
 * as none, and the directory's own lock tells who starts another. Throws CliError when its files may not be read.
 */
export async function findServer(dataDir: string): Promise<RunningServer | null> {
  for (let tried = 0; tried < tries; tried += 1) {
    const file = await readServerFile(dataDir);
    if (!file || !isAlive(file.pid)) return null;
    const server = await openServer(dataDir, file);
    if (await isOurs(server, dataDir)) return server;
    await pause(250);
  }
  return null;
}

/** Process numbers and ports are used again: only a server that takes our token and names our directory is meant. */
async function isOurs({ client }: RunningServer, dataDir: string): Promise<boolean> {
  try {
    const about = await client.about(AbortSignal.timeout(3_000));
    return (await realpath(about.dataDir)) === (await realpath(dataDir));
  } catch {
    return false;
  }
}

async function openServer(dataDir: string, file: ServerFile): Promise<RunningServer> {
  const token = ((await readOwnFile(join(dataDir, 'cli-token'))) ?? '').trim();
  const url = new URL(file.url).origin;
  return { client: createClient({ baseUrl: url, token }), url, token, pid: file.pid };
}

async function readServerFile(dataDir: string): Promise<ServerFile | null> {
  const text = await readOwnFile(join(dataDir, 'server.json'));
  if (text === null) return null;
  try {
    return ServerFile.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null; // Cut short by a crash.
  }
}

async function readOwnFile(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT') return null;
    if (code === 'ENOTDIR')
      throw new CliError(`The data directory is not a folder: ${path}. Choose another with --data-dir.`, {
        cause: error,
      });
    if (code !== 'EACCES') throw error;
    throw new CliError(
      `${path} belongs to another user. Run this as the user who started the server, or use a data directory of your own (--data-dir DIR).`,
      { cause: error },
    );
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}
