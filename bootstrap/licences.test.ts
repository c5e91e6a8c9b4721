import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compatible, licences, licencesPage, page } from './licences.mjs';

test('every package of a first install has a licence that may come along with MIT code', () => {
  const others = [...licences()].filter(([licence]) => !compatible.has(licence));
  expect(Object.fromEntries(others)).toEqual({});
});

test('docs/licences.md names what the lock file names (`node bootstrap/licences.mjs` writes it anew)', () => {
  expect(readFileSync(page, 'utf8')).toBe(licencesPage());
});
