import { createHash } from 'node:crypto';
import type { BlobStore, ExportRequest, SourceTree } from '@devfactory/kit';

export const runId = 'run_abcdefgh234567ij';

/** Takes the proof and forgets it. */
export const noBlobs = {
  put: async (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex'),
} as BlobStore;

/** A tree of text files. */
function treeOf(files: Readonly<Record<string, string>>): SourceTree {
  const digest = (text: string) => createHash('sha256').update(text).digest('hex');
  const entries = Object.entries(files)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, text]) => ({
      type: 'file' as const,
      path,
      mode: 0o644,
      size: Buffer.byteLength(text),
      object: digest(text),
      mtimeMs: 0,
    }));
  return {
    hash: digest(JSON.stringify(entries)),
    entries,
    read: async function* (entry) {
      yield Buffer.from(files[entry.path] ?? '');
    },
  };
}

export function requestFor(
  change: Partial<Omit<ExportRequest, 'blobs'>> & {
    readonly blobs: BlobStore;
    readonly files?: Readonly<Record<string, string>>;
  },
): ExportRequest {
  const { files = { 'README.md': '# Shop\n', 'src/cart.ts': 'export const cart = [];\n' }, ...rest } = change;
  return {
    exportId: 'ex-1',
    runId,
    name: 'Shop',
    destination: { kind: 'github', repository: 'acme/shop' },
    tree: treeOf(files),
    proof: {
      json: '{"proof":1}',
      report: '<!doctype html>',
      summary: {
        prompt: 'Build a shop',
        requirements: [
          { id: 'R-1', text: 'It has a cart', status: 'proven', checks: [{ title: 'cart adds', standing: 'passed' }] },
        ],
      },
    },
    imported: null,
    ...rest,
  };
}
