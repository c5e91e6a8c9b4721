import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { removedFew } from './remove-few.ts';

let room: string;
beforeEach(() => {
  room = mkdtempSync(join(tmpdir(), 'devfactory-remove-'));
});
afterEach(() => rmSync(room, { recursive: true, force: true }));

test('a folder of few entries is removed, whatever they are called, and nothing that a link in it leads to', () => {
  const kept = join(room, 'kept');
  mkdirSync(kept);
  writeFileSync(join(kept, 'file'), 'here');
  const folder = join(room, 'gone');
  mkdirSync(join(folder, 'a/b/c'), { recursive: true });
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/a/`), Buffer.from([0xff, 0x0a, 0xfe])]), 'bytes');
  symlinkSync(kept, join(folder, 'a/b/to-folder'));
  symlinkSync(join(kept, 'file'), join(folder, 'a/to-file'));
  symlinkSync('nowhere', join(folder, 'dangling'));
  expect(removedFew(folder)).toBe(true);
  expect(existsSync(folder)).toBe(false);
  expect(readFileSync(join(kept, 'file'), 'utf8')).toBe('here');
});
test('a folder of many entries is left as it was, and so is one that is none', () => {
  const folder = join(room, 'full');
  mkdirSync(folder);
  for (let file = 0; file < 600; file += 1) writeFileSync(join(folder, `${file}`), '');
  expect(removedFew(folder)).toBe(false);
  expect(readdirSync(folder).length).toBe(600);
  symlinkSync(folder, join(room, 'link'));
  expect(removedFew(join(room, 'link'))).toBe(false);
  expect(removedFew(join(room, 'nothing'))).toBe(false);
  expect(readdirSync(folder).length).toBe(600);
});
