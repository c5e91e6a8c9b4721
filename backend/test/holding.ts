import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Files below a folder that hold a text; of `/proc` those of processes. */
export async function holding(folder: string, text: string, which = /./): Promise<string[]> {
  const depth = folder === '/proc' ? 1 : 20;
  const found: string[] = [];
  const walk = async (at: string, left: number): Promise<void> => {
    for (const entry of await readdir(at, { withFileTypes: true }).catch(() => [])) {
      const path = join(at, entry.name);
      if (entry.isDirectory() && left > 0 && (folder !== '/proc' || /^\d+$/.test(entry.name)))
        await walk(path, left - 1);
      else if (entry.isFile() && which.test(path)) {
        const bytes = await readFile(path).catch(() => Buffer.alloc(0));
        if (bytes.includes(text)) found.push(path);
      }
    }
  };
  await walk(folder, depth);
  return found;
}
