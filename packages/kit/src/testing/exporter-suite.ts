import { hash } from 'node:crypto';
import { lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Destination, ManifestEntry } from '@devfactory/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BlobStore } from '../blob-store.ts';
import type { ArrivedEntry, Exporter, ExportReceipt, ExportRequest, SourceTree } from '../exporter.ts';
import { createMemoryBlobStore } from './memory-blob-store.ts';

/** An exporter with somewhere to deliver to, and the way to see what arrived there. */
export interface ExporterUnderTest {
  readonly exporter: Exporter;
  readonly destination: Destination;
  /** Lays what was delivered last into an empty folder of its own and gives its path. */
  arrived(receipt: ExportReceipt, blobs: BlobStore): Promise<string>;
  /** How many deliveries the destination holds; delivering one again must not add another. */
  count(receipt: ExportReceipt, blobs: BlobStore): Promise<number>;
  dispose(): Promise<void>;
}

/** The contract of an exporter. An adapter is done when its test calls this and passes. */
export function exporterSuite(name: string, make: () => Promise<ExporterUnderTest>): void {
  describe(`${name} keeps the contract of an exporter`, () => {
    let subject: ExporterUnderTest;
    let blobs: BlobStore;
    beforeEach(async () => {
      subject = await make();
      blobs = createMemoryBlobStore();
    });
    afterEach(() => subject.dispose());
    const deliver = (tree: SourceTree, change: Partial<ExportRequest> = {}): Promise<ExportReceipt> =>
      subject.exporter.deliver(
        { ...requestFor(subject.destination, tree, blobs), ...change },
        new AbortController().signal,
      );

    test('every entry arrives with its bytes, executable bit and kind, or is named as left out', async () => {
      const tree = sourceTreeOf(everything);
      const receipt = await deliver(tree);
      const left = new Set(receipt.leftOut.map(({ path }) => path));
      expect(listFolder(await subject.arrived(receipt, blobs))).toEqual(
        expected(tree).filter(({ path }) => !left.has(path)),
      );
    });

    test('what is read back from there is the tree, byte for byte', async () => {
      const tree = sourceTreeOf(everything);
      const { location, files } = await deliver(tree);
      const directory = mkdtempSync(join(tmpdir(), 'df-arrived-'));
      try {
        const made = { location, files, blobs, directory, tree: tree.hash, destination: subject.destination };
        const found = subject.exporter.arrived?.(
          { ...made, runId: 'run_abcdefgh234567ij' },
          new AbortController().signal,
        );
        expect(found && (await listArrived(found))).toEqual(expected(tree));
      } finally {
        rmSync(directory, { recursive: true });
      }
    });

    test('an empty tree arrives as an empty one', async () => {
      const receipt = await deliver(sourceTreeOf([]));
      expect(listFolder(await subject.arrived(receipt, blobs))).toEqual([]);
    });

    test('the proof travels beside the tree, never in it', async () => {
      const receipt = await deliver(sourceTreeOf([['a.txt', 'a']]), {
        proof: { json: '{"proof":"PROOF-JSON"}', report: 'PROOF-REPORT', summary: { prompt: '', requirements: [] } },
      });
      const folder = await subject.arrived(receipt, blobs);
      expect(listFolder(folder).map(({ path }) => path)).toEqual(['a.txt']);
      for (const file of receipt.files) expect(await blobs.size(file.digest)).toBe(file.bytes);
      expect(receipt.location).not.toBe('');
    });

    test('delivering twice updates, never doubles', async () => {
      const first = await deliver(sourceTreeOf([['a.txt', 'one']]));
      const again = await deliver(sourceTreeOf([['a.txt', 'one']]));
      expect(await subject.count(again, blobs)).toBe(await subject.count(first, blobs));
      const changed = await deliver(sourceTreeOf([['a.txt', 'two']]));
      expect(listFolder(await subject.arrived(changed, blobs))).toMatchObject([
        { path: 'a.txt', content: digestOf('two') },
      ]);
    });

    test('a tree whose bytes cannot be read is not delivered', async () => {
      const tree = sourceTreeOf([['a.txt', 'a']]);
      const broken: SourceTree = {
        ...tree,
        // oxlint-disable-next-line require-yield -- it breaks before there is anything to give.
        read: async function* () {
          throw new Error('the pack is lost');
        },
      };
      await expect(deliver(broken)).rejects.toThrow('the pack is lost');
    });

    test('a delivery that was called off ends', async () => {
      const aborted = subject.exporter.deliver(
        requestFor(subject.destination, sourceTreeOf([['a.txt', 'a']]), blobs),
        AbortSignal.abort(new Error('called off')),
      );
      await expect(aborted).rejects.toThrow('called off');
    });

    test('a destination can be tried, which leaves nothing behind', async () => {
      expect(subject.exporter.setUp()).toMatchObject({ ready: true, why: '' });
      expect(await subject.exporter.probe(subject.destination, new AbortController().signal)).toMatch(/\.$/);
    });

    test('a destination of another kind is refused before anything runs', () => {
      const other: Destination =
        subject.destination.kind === 'zip' ? { kind: 'github', repository: 'acme/shop' } : { kind: 'zip' };
      expect(() => subject.exporter.accept(other)).toThrow(expect.objectContaining({ code: 'invalid_destination' }));
      expect(() => subject.exporter.accept(subject.destination)).not.toThrow();
    });
  });
}

type Content = string | Buffer | { readonly link: string };

const everything: readonly (readonly [string, Content, 'executable'?])[] = [
  ['README.md', '# Hello\n'],
  ['crlf.txt', 'a\r\nb\r\n'],
  ['empty', ''],
  ['bytes.bin', Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * 31) % 256))],
  ['bin/run.sh', '#!/bin/sh\n', 'executable'],
  ['deep/er/and/deeper.txt', 'deep'],
  ['link', { link: 'README.md' }],
  ['deep/up', { link: '../README.md' }],
  ['pfad/größe 日本.txt', 'unicode'],
  ['.hidden', 'hidden'],
];

/** A source tree of a few files, as the engine would open it. */
export function sourceTreeOf(files: readonly (readonly [string, Content, 'executable'?])[]): SourceTree {
  const contents = new Map<string, Buffer>();
  const entries = files.map(([path, content, executable]): ManifestEntry => {
    if (typeof content === 'object' && 'link' in content) return { type: 'symlink', path, target: content.link };
    const bytes = Buffer.from(content);
    contents.set(path, bytes);
    return {
      type: 'file',
      path,
      mode: executable ? 0o755 : 0o644,
      size: bytes.length,
      object: digestOf(bytes),
      mtimeMs: 0,
    };
  });
  const sorted = entries.toSorted((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
  return {
    hash: digestOf(JSON.stringify(sorted)),
    entries: sorted,
    read: async function* (entry) {
      const bytes = contents.get(entry.path) ?? Buffer.alloc(0);
      for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
    },
  };
}

function requestFor(destination: Destination, tree: SourceTree, blobs: BlobStore): ExportRequest {
  return {
    exportId: 'ex-1',
    runId: 'run_abcdefgh234567ij',
    name: 'project',
    destination,
    tree,
    proof: { json: '{}', report: '<!doctype html>', summary: { prompt: 'A guest book', requirements: [] } },
    imported: null,
    blobs,
  };
}

interface Arrived {
  readonly path: string;
  readonly kind: string;
  readonly content: string;
}

function digestOf(bytes: string | Uint8Array): string {
  return hash('sha256', bytes, 'hex');
}

function expected(tree: SourceTree): Arrived[] {
  return tree.entries.map((entry) => {
    if (entry.type === 'symlink') return { path: entry.path, kind: 'link', content: entry.target };
    if (entry.type === 'directory') return { path: entry.path, kind: 'folder', content: '' };
    return { path: entry.path, kind: entry.mode === 0o755 ? 'executable' : 'file', content: entry.object };
  });
}

/** Files and links below a folder, in byte order of the path. */
function listFolder(root: string, prefix = ''): Arrived[] {
  const all = readdirSync(join(root, prefix)).flatMap((name): Arrived[] => {
    const path = prefix === '' ? name : `${prefix}/${name}`;
    const stats = lstatSync(join(root, path));
    if (stats.isDirectory()) return listFolder(root, path);
    if (stats.isSymbolicLink()) return [{ path, kind: 'link', content: readlinkSync(join(root, path)) }];
    return [
      { path, kind: stats.mode & 0o100 ? 'executable' : 'file', content: digestOf(readFileSync(join(root, path))) },
    ];
  });
  return all.toSorted((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
}

async function listArrived(entries: AsyncIterable<ArrivedEntry>): Promise<Arrived[]> {
  const all: Arrived[] = [];
  for await (const entry of entries) {
    const { path } = entry;
    if (entry.type === 'symlink') {
      all.push({ path, kind: 'link', content: entry.target });
      continue;
    }
    const chunks: Uint8Array[] = [];
    for await (const chunk of entry.bytes) chunks.push(chunk);
    all.push({ path, kind: entry.executable ? 'executable' : 'file', content: digestOf(Buffer.concat(chunks)) });
  }
  return all.toSorted((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
}
