import { existsSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import { programFiles } from './program-files.ts';

const forms = [
  ['as it is written', join(import.meta.dirname, '..'), '.ts'],
  ['as it is built', join(import.meta.dirname, '../../dist'), '.js'],
] as const;

describe.each(forms)('the program that runs in the sandbox, %s,', (_, root, extension) => {
  test.skipIf(!existsSync(join(root, `inside/main${extension}`)))('holds everything that it imports', async () => {
    const files = new Map(await programFiles(root, extension));
    const wanted = [...files].flatMap(([name, bytes]) =>
      [
        ...Buffer.from(bytes)
          .toString()
          .matchAll(/(?:from|import) ["'](\.[^"']+)["']/g),
      ].map(([, path]) => normalize(join(name, '..', path ?? ''))),
    );
    expect(wanted.length).toBeGreaterThan(10);
    expect(wanted.filter((name) => !files.has(name))).toEqual([]);
  });
});
