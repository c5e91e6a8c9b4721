import { lstatSync, readdirSync, rmdirSync, unlinkSync } from 'node:fs';

/** Entries up to which a folder is removed here: to start a program, the kernel goes through all of this process's memory. */
const few = 500;

/**
 * Removes a folder that no process uses any more, where it holds little. False when it holds more, and then it is as it was; or when
 * something resists. Names are bytes, and a link is removed and never followed.
 */
export function removedFew(folder: string): boolean {
  try {
    const folders = [Buffer.from(folder)];
    const others: Buffer[] = [];
    if (!lstatSync(folder).isDirectory()) return false;
    for (let at = 0; at < folders.length; at += 1) {
      const path = folders[at] ?? Buffer.alloc(0);
      for (const entry of readdirSync(path, { withFileTypes: true, encoding: 'buffer' })) {
        const inside = Buffer.concat([path, Buffer.from('/'), entry.name]);
        (entry.isDirectory() ? folders : others).push(inside);
        if (folders.length + others.length > few) return false;
      }
    }
    for (const path of others) unlinkSync(path);
    // Those inside were found later.
    for (const path of folders.toReversed()) rmdirSync(path);
    return true;
  } catch {
    return false;
  }
}
