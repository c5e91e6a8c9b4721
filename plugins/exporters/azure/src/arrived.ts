import { unpackTree } from '@devfactory/archive';
import { DomainError, type ArrivedEntry } from '@devfactory/kit';
import { decodeManifest } from './manifest.ts';
import type { DeliveryPlace } from './place.ts';

/** A delivered archive, downloaded and unpacked. Throws zip_damaged. */
export function arrivedArchive(place: DeliveryPlace, name: string, directory: string): AsyncIterable<ArrivedEntry> {
  return unpackTree(place.read(name), directory);
}

/** Each file downloaded. Azure knows neither modes nor links: these are what the manifest beside them says. Throws azure_manifest. */
export async function* arrivedFiles(
  place: DeliveryPlace,
  { manifest: name, root }: { readonly manifest: string; readonly root: string },
): AsyncIterable<ArrivedEntry> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of place.read(name)) chunks.push(chunk);
  const manifest = decodeManifest(Buffer.concat(chunks));
  if (!manifest)
    throw new DomainError('azure_manifest', 'conflict', { message: `${name} is not as it was delivered.` });
  for (const entry of manifest.entries)
    yield entry.type === 'symlink'
      ? entry
      : { type: 'file', path: entry.path, executable: entry.mode === '755', bytes: place.read(root + entry.path) };
}
