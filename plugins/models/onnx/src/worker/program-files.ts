import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What the compiler laid beside the program, which each of its files then imports. */
const folders = ['inside', '_virtual/_rolldown'];

/**
 * The program that runs in the sandbox, as paths and bytes below one folder. It is written into the sandbox, because not every user may
 * read where we are installed.
 */
export async function programFiles(
  root: string,
  extension: string,
): Promise<readonly (readonly [string, Uint8Array])[]> {
  const names = await Promise.all(
    folders.map(async (folder) => {
      const found = await readdir(join(root, folder)).catch(() => []);
      const own = found.filter((name) => name.endsWith(extension) && !name.includes('.test.'));
      return own.map((name) => `${folder}/${name}`);
    }),
  );
  const files = names.flat().map(async (name) => [name, await readFile(join(root, name))] as const);
  const kind = ['package.json', new TextEncoder().encode('{"type":"module"}')] as const;
  return [kind, ...(await Promise.all(files))];
}
