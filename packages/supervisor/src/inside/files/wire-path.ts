import { isUtf8 } from 'node:buffer';
import { Refusal } from '../../protocol/protocol-error.ts';
import type { WirePath } from '../../protocol/requests.ts';

const slash = 0x2f;

/** Names of a path, as bytes. Refuses what is not a plain relative path. An empty list is the workspace itself. */
export function parsePath(wire: WirePath): Buffer[] {
  const bytes = wire.raw ? Buffer.from(wire.path, 'base64') : Buffer.from(wire.path, 'utf8');
  if (bytes.length === 0 || bytes.length > 65_536 || bytes.includes(0)) throw invalid(wire);
  if (bytes.equals(Buffer.from('.'))) return [];
  const names: Buffer[] = [];
  for (let start = 0; start <= bytes.length;) {
    const end = bytes.indexOf(slash, start);
    const name = bytes.subarray(start, end < 0 ? bytes.length : end);
    const text = name.toString('latin1');
    if (text === '' || text === '.' || text === '..') throw invalid(wire);
    names.push(name);
    start = end < 0 ? bytes.length + 1 : end + 1;
  }
  return names;
}

function invalid(wire: WirePath): Refusal {
  return new Refusal('path_invalid', `'${wire.path.slice(0, 200)}' is not a path inside the workspace.`);
}

/** A path as it goes over the wire. */
export function wirePath(bytes: Buffer): WirePath {
  return isUtf8(bytes) ? { path: bytes.toString('utf8'), raw: false } : { path: bytes.toString('base64'), raw: true };
}

/** The bytes of a name or path that stands one character for each. */
export function bytesOf(name: string): Buffer {
  return Buffer.from(name, 'latin1');
}

/** For messages to people. */
export function shown(names: readonly Buffer[]): string {
  return names.length === 0
    ? '.'
    : names
        .map((name) => name.toString('utf8'))
        .join('/')
        .slice(0, 500);
}
