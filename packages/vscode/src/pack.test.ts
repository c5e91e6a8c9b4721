import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { fromBuffer, type Entry, type ZipFile } from 'yauzl';

const room = fileURLToPath(new URL('..', import.meta.url));

function pack(): Buffer {
  execFileSync(process.execPath, ['pack.mjs'], { cwd: room });
  return readFileSync(`${room}/dist/devfactory.vsix`);
}

async function unpacked(zip: Buffer): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const opened = await new Promise<ZipFile>((resolve, reject) =>
    fromBuffer(zip, { lazyEntries: true }, (error, file) => (error ? reject(error) : resolve(file))),
  );
  const read = (entry: Entry): Promise<string> =>
    new Promise((resolve, reject) =>
      opened.openReadStream(entry, (error, stream) => {
        if (error) return reject(error);
        let text = '';
        stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
        stream.on('end', () => resolve(text));
      }),
    );
  await new Promise((resolve, reject) => {
    opened.on('entry', (entry: Entry) => {
      void read(entry).then((text) => {
        files.set(entry.fileName, text);
        opened.readEntry();
      }, reject);
    });
    opened.on('end', resolve);
    opened.readEntry();
  });
  return files;
}

test('the same sources make the same .vsix, whose code needs nothing but VS Code and Node', async () => {
  const first = pack();
  expect(Buffer.compare(first, pack())).toBe(0);
  const files = await unpacked(first);
  expect([...files.keys()].toSorted()).toEqual([
    '[Content_Types].xml',
    'extension.vsixmanifest',
    'extension/extension.js',
    'extension/icon.svg',
    'extension/package.json',
  ]);
  const manifest = JSON.parse(files.get('extension/package.json') ?? '') as { main: string };
  expect(files.has(`extension/${manifest.main.slice(2)}`)).toBe(true);
  const code = files.get('extension/extension.js') ?? '';
  const imported = [...code.matchAll(/^import\b.*?["']([^"']+)["'];?$/gm)].map((found) => found[1]);
  expect(new Set(imported)).toEqual(new Set(['node:fs', 'vscode']));
}, 60_000);
