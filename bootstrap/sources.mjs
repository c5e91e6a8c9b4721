import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './machine.mjs';

const stampFile = join(root, '.build/built');
const skipped = new Set(['node_modules', 'dist', 'dist-types', 'test', 'test-results']);
const inputs = ['package-lock.json', 'tsconfig.base.json', 'bootstrap', 'packages', 'plugins', 'backend', 'frontend'];

/** The folders that are compiled, in the order in which they depend on each other. */
export function projects() {
  const { references } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8'));
  return references.map((reference) => reference.path).filter((path) => !path.endsWith('.json'));
}

/** A digest of everything that the build reads. By content: a checkout changes times without changing anything. */
export function sourceDigest() {
  const hash = createHash('sha256');
  for (const input of inputs) add(hash, input);
  return hash.digest('hex');
}

function add(hash, path) {
  const full = join(root, path);
  let entries;
  try {
    entries = readdirSync(full, { withFileTypes: true });
  } catch (error) {
    if (error.code === 'ENOTDIR') hash.update(`${path}\0`).update(readFileSync(full));
    else if (error.code !== 'ENOENT') throw error;
    return;
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (skipped.has(entry.name) || entry.name.startsWith('.') || /\.test\.tsx?$/.test(entry.name)) continue;
    const child = `${path}/${entry.name}`;
    if (entry.isDirectory()) add(hash, child);
    else if (entry.isFile())
      hash
        .update(`${child}\0`)
        .update(readFileSync(join(root, child)))
        .update('\0');
  }
}

export function isBuilt(digest) {
  if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== digest) return false;
  return projects().every((project) => existsSync(join(root, project, 'dist')));
}

export const buildStamp = stampFile;
