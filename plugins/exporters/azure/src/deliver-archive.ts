import { archiveName, packTree } from '@devfactory/archive';
import type { ExportReceipt } from '@devfactory/kit';
import { commit, committed, putProof, taken, type Delivery } from './commit.ts';
import { manifestEntries, type DeliveryManifest } from './manifest.ts';
import { readBack } from './read-back.ts';
import { fromStore } from './sources.ts';

/** A ZIP, its proof and the manifest, in a folder for this run and this tree. What stands there is never overwritten once it is committed. */
export async function deliverArchive(
  delivery: Delivery,
  signal: AbortSignal,
): Promise<{ readonly blob: string; readonly manifest: string; readonly files: ExportReceipt['files'] }> {
  const { request, place, base } = delivery;
  const { runId, tree, blobs } = request;
  const plain = archiveName(request.name);
  const packed = await blobs.putStream(packTree(tree, signal));
  const manifestName = `${base}delivery.json`;
  const proof = await putProof(delivery);
  const before = await committed(delivery, manifestName);
  // Another version of Node may have packed the same tree into other bytes: what is committed stays.
  const archive = before?.archive ?? { name: `${base}${plain}.zip`, size: packed.size, sha256: packed.digest };
  if (!before?.archive) {
    const { name } = archive;
    const blob = {
      name,
      sha256: packed.digest,
      run: runId,
      source: fromStore(blobs, packed),
      headers: { blobContentType: 'application/zip', blobContentDisposition: 'attachment' },
      progress: (done: number) => request.progress?.({ phase: 'sending', done, total: packed.size }),
    };
    const there = await place.look(name);
    if (there && there.run !== runId) throw taken(name);
    const whole = there?.sha256 === packed.digest && there.size === packed.size;
    if (!whole && !(await place.put({ ...blob, instead: there }))) throw taken(name);
  }
  const manifest: DeliveryManifest = before ?? {
    version: 1,
    run: runId,
    tree: tree.hash,
    as: 'archive',
    archive,
    proof,
    entries: manifestEntries(tree),
  };
  const digest = await commit(delivery, { name: manifestName, manifest });
  await readBack(place, [archive, ...proof, { name: manifestName, sha256: digest }], (done) =>
    request.progress?.({ phase: 'checking', done: Math.min(done, archive.size), total: archive.size }),
  );
  return {
    blob: archive.name,
    manifest: manifestName,
    files: [{ name: `${plain}.zip`, digest: packed.digest, bytes: packed.size, mediaType: 'application/zip' }],
  };
}
