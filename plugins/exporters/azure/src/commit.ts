import { DomainError, proofFiles, type ExportRequest } from '@devfactory/kit';
import { decodeManifest, encodeManifest, type DeliveryManifest } from './manifest.ts';
import type { DeliveryPlace } from './place.ts';
import { fromBytes, sha256 } from './sources.ts';

/** One delivery on its way. */
export interface Delivery {
  readonly request: ExportRequest;
  readonly place: DeliveryPlace;
  /** Where its blobs begin; '' or with a slash at its end. */
  readonly base: string;
}

/** The manifest that stands there now, or null. */
export async function committed({ place }: Delivery, name: string): Promise<DeliveryManifest | null> {
  if ((await place.look(name)) === null) return null;
  const chunks: Uint8Array[] = [];
  for await (const chunk of place.read(name)) chunks.push(chunk);
  return decodeManifest(Buffer.concat(chunks));
}

/** Writes the manifest: from here on the delivery is there. Never over one that was not seen. Gives its digest. */
export async function commit(
  { place, request }: Delivery,
  { name, manifest }: { readonly name: string; readonly manifest: DeliveryManifest },
): Promise<string> {
  const bytes = encodeManifest(manifest);
  const digest = sha256(bytes);
  const instead = await place.look(name);
  if (instead?.sha256 === digest) return digest;
  if (instead && instead.run !== request.runId) throw taken(name);
  const blob = {
    name,
    sha256: digest,
    run: request.runId,
    source: fromBytes(bytes),
    headers: { blobContentType: 'application/json' },
  };
  if (!(await place.put({ ...blob, instead }))) throw taken(name);
  return digest;
}

/** The proof as blobs beside the tree, named by their bytes, so that a later proof of the same tree stands beside an earlier one. */
export async function putProof({ place, request, base }: Delivery): Promise<DeliveryManifest['proof']> {
  const parts: DeliveryManifest['proof'] = [];
  for (const { name: plain, mediaType, bytes } of proofFiles(request.proof)) {
    const [stem, ending] = plain.split('.');
    const digest = sha256(bytes);
    const name = `${base}${stem}-${digest.slice(0, 16)}.${ending}`;
    const blobContentType = `${mediaType}; charset=utf-8`;
    const blob = { name, sha256: digest, run: request.runId, source: fromBytes(bytes), headers: { blobContentType } };
    if (!(await place.put({ ...blob, instead: null }))) throw taken(name);
    parts.push({ name, size: bytes.length, sha256: digest });
  }
  return parts;
}

export function taken(name: string): DomainError {
  return new DomainError('azure_place_taken', 'conflict', {
    message: `${name} is there already and not from this run; delivering would overwrite it. Deliver to another folder, or remove it there first.`,
  });
}
