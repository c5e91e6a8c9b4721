import { hash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

export interface Listed {
  readonly path: string;
  readonly mode: string;
  readonly content: string;
  readonly mtimeMs: number | null;
}

/** Everything a folder holds, byte for byte, as something that can be compared. Names are shown as bytes. */
export function listTree(root: string, prefix = Buffer.alloc(0)): Listed[] {
  const folder = Buffer.concat([Buffer.from(`${root}/`), prefix]);
  return readdirSync(folder, { encoding: 'buffer' })
    .toSorted(Buffer.compare)
    .flatMap((name) => {
      const path = prefix.length === 0 ? name : Buffer.concat([prefix, Buffer.from('/'), name]);
      const whole = Buffer.concat([Buffer.from(join(root, '/')), path]);
      const stats = lstatSync(whole);
      const shown = { path: path.toString('latin1'), mode: (stats.mode & 0o7777).toString(8) };
      if (stats.isSymbolicLink()) return [{ ...shown, mode: 'link', content: readlinkSync(whole), mtimeMs: null }];
      if (stats.isDirectory()) return [{ ...shown, content: 'folder', mtimeMs: null }, ...listTree(root, path)];
      if (!stats.isFile()) return [{ ...shown, content: 'special', mtimeMs: null }];
      return [{ ...shown, content: hash('sha256', readFileSync(whole), 'hex'), mtimeMs: Math.round(stats.mtimeMs) }];
    });
}
