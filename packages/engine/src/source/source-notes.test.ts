import type { ManifestEntry } from '@devfactory/contracts';
import type { SourceTree } from '@devfactory/kit';
import { expect, test } from 'vitest';
import { sourceNotes } from './source-notes.ts';

const given = { recognised: [], toolchains: [] };

function treeOf(files: Readonly<Record<string, string>>): SourceTree {
  const entries = Object.entries(files).map(([path, text]): ManifestEntry => ({
    type: 'file',
    path,
    mode: 0o644,
    size: Buffer.byteLength(text),
    object: '0'.repeat(64),
    mtimeMs: 0,
  }));
  return {
    hash: '0'.repeat(64),
    entries,
    async *read({ path }) {
      yield Buffer.from(files[path] ?? '');
    },
  };
}

test('submodules are named by the paths that .gitmodules gives them', async () => {
  const text = '[submodule "a"]\r\n\tpath = vendor/a b \r\n\turl = https://example.com/a\r\n[submodule "b"]\npath=b\n';
  const notes = await sourceNotes(treeOf({ '.gitmodules': text }), given);
  expect(notes[0]).toMatchObject({ kind: 'submodules', paths: ['vendor/a b', 'b'] });
});

test.each([
  ['empty lines', '\n'.repeat(100_000)],
  ['spaces', `path = a${' '.repeat(100_000)}b`],
])('a .gitmodules of very many %s holds nobody up', async (_what, text) => {
  const began = performance.now();
  await sourceNotes(treeOf({ '.gitmodules': text }), given);
  expect(performance.now() - began).toBeLessThan(1000);
});
