import { isUtf8 } from 'node:buffer';
import mime from 'mime';

const textual = /^(text\/|application\/(javascript|json|xml|manifest\+json|ld\+json)|image\/svg\+xml)/;

/** How browsers are told to read a file. `bytes`: all of it, where it is small enough to be at hand. */
export function contentType(path: string, bytes: Uint8Array | null): string {
  const isText = bytes !== null && isUtf8(bytes) && !bytes.subarray(0, 8192).includes(0);
  const known = mime.getType(path);
  if (known === null) return isText && bytes.length > 0 ? 'text/plain; charset=utf-8' : 'application/octet-stream';
  return isText && textual.test(known) ? `${known}; charset=utf-8` : known;
}
