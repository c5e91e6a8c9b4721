import { open as openFile } from 'node:fs/promises';
import { isInsideWorkspace, limits } from '@devfactory/contracts';
import { DomainError } from '@devfactory/kit';
import { openPromise, type Entry, type ZipFile } from 'yauzl';
import { packedOf, ZipEntries, type Packed } from './zip-entry.ts';

/** One file or symlink of a ZIP; folders are those of their names. */
export interface ZipItem {
  readonly path: string;
  readonly type: 'file' | 'symlink' | 'directory';
  readonly mode: number;
  readonly size: number;
  readonly mtimeMs: number | null;
  /** For symlinks. */
  readonly target: string | null;
  readonly packed: Packed;
}

export interface ZipListing {
  readonly zip: ZipEntries;
  readonly items: readonly ZipItem[];
  /** Those that it names and those that its files lie in. */
  readonly folders: readonly string[];
  readonly bytes: number;
}

/** Text packs well, but not a hundredfold over hundreds of megabytes. */
const bomb = { bytes: 256 * 1024 * 1024, ratio: 100 };
const targetBytes = 4096;

/**
 * Opens a ZIP and refuses it as a whole when one of its entries could not be meant well: names that lead out or come twice, links out
 * of the folder, more than the limits, or sizes that only a bomb has. Nothing is unpacked but symlinks' targets. The caller closes `zip`.
 * Throws zip_invalid, zip_slip, zip_duplicate, zip_symlink, zip_bomb, zip_too_large, zip_encrypted, zip_special.
 */
export async function openListing(path: string): Promise<ZipListing> {
  const file = await open(path);
  const zip = new ZipEntries(file, await openFile(path));
  try {
    return await list(file, zip);
  } catch (error) {
    await zip.close();
    throw error instanceof DomainError ? error : explain(error);
  }
}

async function open(path: string): Promise<ZipFile> {
  try {
    return await openPromise(path, { lazyEntries: true, autoClose: false, strictFileNames: false });
  } catch (error) {
    throw explain(error);
  }
}

async function list(zip: ZipFile, entries: ZipEntries): Promise<ZipListing> {
  if (zip.entryCount > limits.sourceFiles) throw tooMany(zip.entryCount);
  const items = new Map<string, ZipItem>();
  let [bytes, packed, count] = [0, 0, 0];
  for await (const entry of zip.eachEntry()) {
    count += 1;
    if (count > limits.sourceFiles) throw tooMany(count);
    bytes += entry.uncompressedSize;
    packed += entry.compressedSize;
    checkSizes({ bytes, packed, file: zip.fileSize });
    const item = await itemOf(entries, entry);
    if (item === null) continue;
    const known = items.get(item.path);
    if (known && (known.type !== 'directory' || item.type !== 'directory'))
      throw refuse('zip_duplicate', `holds "${item.path}" twice`);
    items.set(item.path, item);
  }
  const all = [...items.values()];
  for (const item of all) checkPlace(item, items);
  const folders = foldersOf(all);
  // As a checkpoint counts.
  const total = all.length + folders.filter((path) => !items.has(path)).length;
  if (total > limits.sourceFiles) throw tooMany(total);
  return { zip: entries, items: all, folders, bytes };
}

function foldersOf(items: readonly ZipItem[]): readonly string[] {
  const folders = new Set<string>();
  for (const { path, type } of items) {
    if (type === 'directory') folders.add(path);
    for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      const folder = path.slice(0, slash);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return [...folders].toSorted();
}

async function itemOf(zip: ZipEntries, entry: Entry): Promise<ZipItem | null> {
  const isFolder = entry.fileName.endsWith('/');
  const path = entry.fileName
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
  if (path === '' && isFolder) return null;
  // What yauzl lets through beyond its own look at '..' and '/': NUL, and names longer than any file system takes.
  if (!isInsideWorkspace(path) || path.length > 4096)
    throw refuse('zip_slip', `holds the name "${shown(entry.fileName)}"`);
  if (entry.isEncrypted()) throw refuse('zip_encrypted', `is encrypted ("${path}")`);
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8)
    throw refuse(
      'zip_invalid',
      `packs "${path}" in a way that is not supported (method ${entry.compressionMethod}); use deflate`,
    );
  const attributes = entry.externalFileAttributes >>> 16;
  const kind = attributes & 0o170000;
  const time = entry.getLastModDate().getTime();
  const base = {
    path,
    size: entry.uncompressedSize,
    mtimeMs: Number.isFinite(time) ? time : null,
    target: null,
    packed: packedOf(entry),
  };
  if (isFolder || kind === 0o040000) return { ...base, type: 'directory', mode: (attributes & 0o777 || 0o755) | 0o700 };
  if (kind === 0o120000) return { ...base, type: 'symlink', mode: 0o777, target: await targetOf(zip, base) };
  if (kind !== 0 && kind !== 0o100000) throw refuse('zip_special', `holds a device, socket or FIFO ("${path}")`);
  return { ...base, type: 'file', mode: (attributes & 0o777 || 0o644) | 0o600 };
}

async function targetOf(zip: ZipEntries, item: { readonly path: string; readonly packed: Packed }): Promise<string> {
  if (item.packed.size > targetBytes)
    throw refuse('zip_symlink', `has a symbolic link "${item.path}" with a target of ${item.packed.size} bytes`);
  const chunks: Uint8Array[] = [];
  for await (const chunk of zip.read(item.packed)) chunks.push(chunk);
  const target = Buffer.concat(chunks).toString('utf8');
  if (leadsOut(item.path, target))
    throw refuse('zip_symlink', `has a symbolic link "${item.path}" that leads out of it, to "${shown(target)}"`);
  return target;
}

/** By the words alone: the link's own folder, then its target, name by name. */
function leadsOut(path: string, target: string): boolean {
  if (target === '' || target.startsWith('/') || target.includes('\0')) return true;
  let depth = path.split('/').length - 1;
  for (const part of target.split('/')) {
    if (part === '..') depth -= 1;
    else if (part !== '' && part !== '.') depth += 1;
    if (depth < 0) return true;
  }
  return false;
}

/** What lies below a file or a link would be written through it. */
function checkPlace(item: ZipItem, items: ReadonlyMap<string, ZipItem>): void {
  for (let slash = item.path.lastIndexOf('/'); slash > 0; slash = item.path.lastIndexOf('/', slash - 1)) {
    const parent = items.get(item.path.slice(0, slash));
    if (parent && parent.type !== 'directory')
      throw refuse('zip_slip', `holds "${item.path}" below "${parent.path}", which is no folder`);
  }
}

function checkSizes(sum: { readonly bytes: number; readonly packed: number; readonly file: number }): void {
  // Entries that share the same packed bytes add up to more than the file has.
  const overlaps = sum.packed > sum.file;
  if (overlaps || (sum.bytes > bomb.bytes && sum.bytes > bomb.ratio * sum.file)) {
    throw refuse('zip_bomb', `would grow from ${sum.file} to ${sum.bytes} bytes or more: that is a ZIP bomb`);
  }
  if (sum.bytes <= limits.sourceBytes) return;
  throw new DomainError('zip_too_large', 'too-large', {
    message: `The ZIP holds more than ${limits.sourceBytes / 1e6} MB unpacked; leave out what can be made again.`,
  });
}

function tooMany(count: number): DomainError {
  return new DomainError('zip_too_large', 'too-large', {
    message: `The ZIP holds ${count} or more files and folders; at most ${limits.sourceFiles} are taken. Leave out what can be made again.`,
  });
}

function refuse(code: string, what: string): DomainError {
  return new DomainError(code, 'invalid', {
    message: `The ZIP ${what}. Nothing was unpacked; make the ZIP anew from the project's folder.`,
  });
}

/** The library's words for what it refuses, as ours. A fault that is not about the file stays what it is. */
function explain(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  if ('code' in error && typeof error.code === 'string' && !error.code.startsWith('Z_')) return error;
  const slip = /^(invalid relative path|absolute path|invalid characters in fileName): (.*)$/s.exec(error.message);
  if (slip) return refuse('zip_slip', `holds the name "${shown(slip[2] ?? '')}", which leads out of its folder`);
  return refuse('zip_invalid', `cannot be read (${shown(error.message)})`);
}

function shown(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what must not reach a terminal.
  return text.slice(0, 200).replaceAll(/[\u0000-\u001f\u007f]/g, '?');
}
