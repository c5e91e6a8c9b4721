import { openAsBlob } from 'node:fs';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import type { Client } from '@devfactory/client';
import { limits, type CreateRunInput } from '@devfactory/contracts';
import { systemCode, UsageError } from '../failure.ts';
import { packFolder } from './pack-folder.ts';

type SourceInput = NonNullable<CreateRunInput['source']>;

/** Where the first files come from, looked at and packed, but not sent yet. */
export interface PreparedSource {
  /** Sends what there is to send and gives the request's source. */
  send(client: Client): Promise<SourceInput>;
  /** Removes what packing left on the disk. */
  discard(): Promise<void>;
}

const nothing = (): Promise<void> => Promise.resolve();

/** Reads --source: nothing, a git URL (at `ref`, if one is said), a ZIP, or a folder. Throws UsageError. */
export async function prepareSource(text: string | null, ref: string | null = null): Promise<PreparedSource> {
  const isAddress = text !== null && /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
  if (ref !== null && !isAddress) throw new UsageError('--ref goes with a git address as --source.');
  if (text === null) return { send: () => Promise.resolve({ kind: 'empty' }), discard: nothing };
  if (isAddress) return gitSource(text, ref);
  if (/^[\w.-]+@[\w.-]+:/.test(text))
    throw new UsageError(`Keys of ssh are not used here: give the https address of ${text}.`);
  const path = resolve(text);
  const found = await stat(path).catch((error: unknown) => {
    throw new UsageError(`There is no folder or ZIP ${text} (${systemCode(error) ?? 'unknown error'}).`);
  });
  if (found.isDirectory()) return folderSource(path);
  if (!found.isFile()) throw new UsageError(`${text} is neither a folder nor a ZIP.`);
  if (found.size > limits.uploadBytes)
    throw new UsageError(`${text} has ${found.size} bytes; a ZIP may have at most ${limits.uploadBytes}.`);
  await requireZip(path, text);
  return { send: (client) => upload(client, path), discard: nothing };
}

function gitSource(text: string, ref: string | null): PreparedSource {
  const url = URL.parse(text);
  if (url?.protocol !== 'https:')
    throw new UsageError(`${text} is no address that can be cloned here: use https://…, a folder, or a ZIP.`);
  if (url.username || url.password)
    throw new UsageError('The address holds a name or password, which would be stored with the run; leave it out.');
  return {
    send: () => Promise.resolve({ kind: 'git', url: text, ...(ref === null ? {} : { ref }) }),
    discard: nothing,
  };
}

async function folderSource(folder: string): Promise<PreparedSource> {
  const own = await mkdtemp(join(tmpdir(), 'devfactory-source-'));
  const discard = (): Promise<void> => rm(own, { recursive: true, force: true });
  const zip = join(own, 'source.zip');
  try {
    await packFolder(folder, zip);
  } catch (error) {
    await discard();
    throw error;
  }
  return { send: (client) => upload(client, zip, basename(folder)), discard };
}

async function upload(client: Client, zip: string, label = basename(zip)): Promise<SourceInput> {
  const { uploadId } = await client.upload(await openAsBlob(zip, { type: 'application/zip' }));
  return { kind: 'upload', uploadId, label: label.slice(0, 300) };
}

async function requireZip(path: string, text: string): Promise<void> {
  const file = await open(path).catch((error: unknown) => {
    throw new UsageError(`${text} cannot be read (${systemCode(error) ?? 'unknown error'}).`);
  });
  try {
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
    // 'PK' and then a first entry, or the end of an empty archive.
    if (buffer.readUInt16BE(0) !== 0x504b)
      throw new UsageError(`${text} is no ZIP; give a folder, a ZIP, or an https address of a git repository.`);
  } finally {
    await file.close();
  }
}
