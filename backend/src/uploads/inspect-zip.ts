import { crc32 } from 'node:zlib';
import { isInsideWorkspace, limits } from '@devfactory/contracts';
import { DomainError } from '@devfactory/kit';
import { openPromise, type Entry, type ZipFile } from 'yauzl';

/** "Made by" of Unix and of macOS. */
const unixSystems = new Set([3, 19]);
const fileType = 0o170000;
const symlink = 0o120000;
const regular = 0o100000;
const folder = 0o040000;
/** More than source code ever shrinks; a bomb is far above. Small archives are let be. */
const largestRatio = 200;
const harmlessBytes = 100_000_000;
const longestLink = 4096;

/**
 * Looks at every part of a ZIP, unpacked and counted in memory piece by piece: what is kept is known to be whole, to stay
 * inside of its folder, and to fit. Throws DomainError: invalid_zip, zip_slip, zip_special, zip_bomb.
 */
export async function inspectZip(path: string): Promise<{ readonly files: number; readonly unpackedBytes: number }> {
  const zip = await open(path);
  const seen = new Map<string, 'folder' | 'file' | 'link'>();
  let files = 0;
  let unpacked = 0;
  try {
    for await (const entry of zip.eachEntry()) {
      const kind = acceptEntry(entry, seen);
      if (seen.size > limits.sourceFiles) throw refused('zip_bomb', `holds more than ${limits.sourceFiles} entries`);
      if (kind === 'folder') continue;
      unpacked += await measure(zip, entry, limits.sourceBytes - unpacked);
      refuseBomb(unpacked, zip.fileSize);
      files += 1;
    }
  } catch (error) {
    throw asInvalid(error);
  } finally {
    zip.close();
  }
  return { files, unpackedBytes: unpacked };
}

async function open(path: string): Promise<ZipFile> {
  try {
    return await openPromise(path, { autoClose: false, strictFileNames: true, validateEntrySizes: true });
  } catch (error) {
    throw asInvalid(error);
  }
}

function acceptEntry(entry: Entry, seen: Map<string, 'folder' | 'file' | 'link'>): 'folder' | 'file' | 'link' {
  const kind = kindOf(entry);
  const name = entry.fileName.replace(/\/+$/, '');
  if (!isInsideWorkspace(name))
    throw refused('zip_slip', `has an entry that leaves its folder: ${JSON.stringify(entry.fileName.slice(0, 200))}`);
  if (entry.isEncrypted()) throw refused('invalid_zip', 'is encrypted; send it without a password');
  const before = seen.get(name);
  if (before !== undefined && !(before === 'folder' && kind === 'folder'))
    throw refused('invalid_zip', `names ${JSON.stringify(name.slice(0, 200))} twice`);
  seen.set(name, kind);
  for (let at = name.lastIndexOf('/'); at > 0; at = name.lastIndexOf('/', at - 1)) {
    const parent = seen.get(name.slice(0, at));
    if (parent === 'link')
      throw refused('zip_slip', `writes through the symbolic link ${JSON.stringify(name.slice(0, at).slice(0, 200))}`);
    if (parent === 'file')
      throw refused('invalid_zip', `uses ${JSON.stringify(name.slice(0, at).slice(0, 200))} as file and folder`);
    if (parent === undefined) seen.set(name.slice(0, at), 'folder');
  }
  return kind;
}

function kindOf(entry: Entry): 'folder' | 'file' | 'link' {
  // Only archives from Unix say what kind a file is.
  const mode = unixSystems.has(entry.versionMadeBy >> 8) ? (entry.externalFileAttributes >>> 16) & fileType : 0;
  if (entry.fileName.endsWith('/')) return 'folder';
  if (mode === symlink) return 'link';
  if (mode === folder) return 'folder';
  if (mode !== 0 && mode !== regular)
    throw refused('zip_special', `holds a device, pipe or socket: ${JSON.stringify(entry.fileName.slice(0, 200))}`);
  return 'file';
}

/** Unpacks one entry to nowhere: how large it really is, whether its checksum fits. */
async function measure(zip: ZipFile, entry: Entry, budget: number): Promise<number> {
  if (kindOf(entry) === 'link' && entry.uncompressedSize > longestLink)
    throw refused('invalid_zip', 'holds a symbolic link that is no path');
  const stream = await zip.openReadStreamPromise(entry);
  let bytes = 0;
  let checksum = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > budget) throw refused('zip_bomb', `unpacks to more than ${limits.sourceBytes / 1_000_000_000} GB`);
    checksum = crc32(chunk, checksum);
  }
  if (checksum !== entry.crc32)
    throw refused('invalid_zip', `is damaged at ${JSON.stringify(entry.fileName.slice(0, 200))}`);
  return bytes;
}

function refuseBomb(unpacked: number, packed: number): void {
  if (unpacked > harmlessBytes && unpacked / packed > largestRatio)
    throw refused('zip_bomb', `unpacks to ${Math.round(unpacked / packed)} times its size`);
}

function asInvalid(error: unknown): unknown {
  if (error instanceof DomainError || !(error instanceof Error)) return error;
  // Faults of our own disk are not the sender's.
  if ('syscall' in error) return error;
  if (/invalid relative path|absolute path|invalid characters in fileName/i.test(error.message))
    return refused('zip_slip', `has an entry that leaves its folder (${error.message})`);
  return refused('invalid_zip', `cannot be read as a ZIP (${error.message})`);
}

function refused(code: string, why: string): DomainError {
  return new DomainError(code, 'invalid', { message: `The archive ${why}.` });
}
