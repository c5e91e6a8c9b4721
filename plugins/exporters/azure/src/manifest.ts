import type { ManifestEntry } from '@devfactory/contracts';
import { DomainError, type SourceTree } from '@devfactory/kit';
import { z } from 'zod';

const Digest = z.string().regex(/^[0-9a-f]{64}$/);
const Part = z.object({ name: z.string(), size: z.int(), sha256: Digest });

/** What a delivery holds. It is written last: where there is none, there is no delivery. Paths as the tree has them, links with their target. */
export const DeliveryManifest = z.object({
  version: z.literal(1),
  run: z.string(),
  tree: Digest,
  as: z.enum(['archive', 'files', 'site']),
  archive: Part.nullable(),
  proof: z.array(Part),
  entries: z.array(
    z.discriminatedUnion('type', [
      z.object({
        type: z.literal('file'),
        path: z.string(),
        mode: z.enum(['644', '755']),
        size: z.int(),
        sha256: Digest,
      }),
      z.object({ type: z.literal('symlink'), path: z.string(), target: z.string() }),
    ]),
  ),
});
export type DeliveryManifest = z.infer<typeof DeliveryManifest>;

export function manifestEntries({ entries }: SourceTree): DeliveryManifest['entries'] {
  return entries.flatMap((entry): DeliveryManifest['entries'] => {
    switch (entry.type) {
      case 'directory':
        return [];
      case 'symlink':
        return [{ type: 'symlink', path: entry.path, target: entry.target }];
      case 'file':
        return [
          {
            type: 'file',
            path: entry.path,
            mode: entry.mode & 0o100 ? '755' : '644',
            size: entry.size,
            sha256: entry.object,
          },
        ];
    }
  });
}

export function encodeManifest(manifest: DeliveryManifest): Buffer {
  return Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`);
}

/** Null for what is none of ours. */
export function decodeManifest(bytes: Uint8Array): DeliveryManifest | null {
  try {
    return DeliveryManifest.safeParse(JSON.parse(Buffer.from(bytes).toString())).data ?? null;
  } catch {
    return null;
  }
}

const longestName = 1024;

/** Throws export_path for a name that no blob can have: leaving it out would deliver another tree than the approved one. */
export function requireBlobNames(entries: readonly ManifestEntry[], folder: string): void {
  for (const entry of entries) {
    const why = reasonAgainst(entry, folder);
    if (why === null) continue;
    throw new DomainError('export_path', 'conflict', {
      message: `"${entry.path.slice(0, 300)}" cannot be a blob of its own: ${why}. Deliver it as an archive, or ask for it to be renamed.`,
    });
  }
}

function reasonAgainst(entry: ManifestEntry, folder: string): string | null {
  if (entry.raw) return 'its name is not UTF-8';
  if (entry.path.includes('\\')) return 'Azure takes a backslash for a folder';
  // oxlint-disable-next-line no-control-regex -- control characters are what addresses must not hold.
  if (/[\u0000-\u001f\u007f]/.test(entry.path)) return 'it holds a control character';
  if (entry.path.startsWith('.devfactory/')) return 'the delivery keeps its own there';
  if (/\.(\/|$)/.test(entry.path)) return 'Azure drops a dot at the end of a name';
  return `${folder}${entry.path}`.length > longestName ? `it is longer than ${longestName} characters` : null;
}
