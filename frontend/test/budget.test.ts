import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';

const homeBudget = 220_000;
const runBudget = 300_000;

let dist: string;
let page: string;

beforeAll(async () => {
  dist = await mkdtemp(join(tmpdir(), 'console-'));
  // The test runner's own setting would bring React's development build in.
  process.env['NODE_ENV'] = 'production';
  const root = fileURLToPath(new URL('..', import.meta.url));
  await build({ root, logLevel: 'error', build: { outDir: dist, manifest: true } });
  page = await readFile(join(dist, 'index.html'), 'utf8');
});
afterAll(() => rm(dist, { recursive: true, force: true }));

async function gzipped(file: string): Promise<number> {
  return gzipSync(await readFile(join(dist, file)), { level: 9 }).length;
}

async function sum(files: readonly string[]): Promise<number> {
  return (await Promise.all(files.map(gzipped))).reduce((total, bytes) => total + bytes, 0);
}

test('the start page loads at most 220 kB of JavaScript, compressed', async () => {
  const files = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map((found) => found[1] ?? '');
  expect(files.length).toBeGreaterThan(0);
  expect(await sum(files)).toBeLessThan(homeBudget);
});

test('a run loads at most 300 kB more', async () => {
  const manifest = JSON.parse(await readFile(join(dist, '.vite/manifest.json'), 'utf8')) as Record<
    string,
    { file: string; imports?: string[] }
  >;
  const entry = manifest['src/routes/run.tsx'];
  if (!entry) throw new Error('the run route is no part of its own');
  const files = [entry.file, ...(entry.imports ?? []).map((name) => manifest[name]?.file ?? '')].filter(
    (file) => file !== '' && !page.includes(file),
  );
  expect(await sum(files)).toBeLessThan(runBudget);
});

test('the page holds no inline code and names no other host', () => {
  expect(page).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\son\w+=|javascript:/i);
  expect(page).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
});
