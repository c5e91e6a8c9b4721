import type { ManifestEntry } from '@devfactory/contracts';
import { commit, putProof, taken, type Delivery } from './commit.ts';
import { contentType } from './content-type.ts';
import { forEachOf } from './for-each-of.ts';
import { manifestEntries, requireBlobNames, type DeliveryManifest } from './manifest.ts';
import type { Known } from './place.ts';
import { readBack } from './read-back.ts';
import { fromTree } from './sources.ts';

type File = ManifestEntry & { readonly type: 'file' };

export interface FilesForm {
  readonly as: 'files' | 'site';
  /** Where the tree's files begin. */
  readonly root: string;
  /** False where everybody may read: a proof holds what people said. */
  readonly withProof: boolean;
}

/**
 * Each file a blob with the content type of its name, then the manifest. What is there already with these bytes is not sent again, and
 * what stands in the way and is not from this run is refused before anything is sent. A site then loses what earlier trees of this run left.
 */
export async function deliverFiles(
  delivery: Delivery,
  { as, root, withProof }: FilesForm,
): Promise<{ readonly manifest: string }> {
  const { request, place, base } = delivery;
  const { tree, runId } = request;
  requireBlobNames(tree.entries, root);
  const files = tree.entries.filter((entry): entry is File => entry.type === 'file');
  const there = await place.list(root);
  const manifestBefore = await place.look(`${base}delivery.json`);
  if (manifestBefore && manifestBefore.run !== runId) throw taken(`${base}delivery.json`);
  for (const { path } of files) {
    const known = there.get(root + path);
    if (known && known.run !== runId) throw taken(root + path);
  }
  const total = files.reduce((sum, { size }) => sum + size, 0);
  let sent = 0;
  for (const group of inOrder(files, as))
    await forEachOf(group, async (file) => {
      await putFile(delivery, { file, root, known: there.get(root + file.path) ?? null });
      sent += file.size;
      request.progress?.({ phase: 'sending', done: sent, total });
    });
  const manifest: DeliveryManifest = {
    version: 1,
    run: runId,
    tree: tree.hash,
    as,
    archive: null,
    proof: withProof ? await putProof(delivery) : [],
    entries: manifestEntries(tree),
  };
  const name = `${base}delivery.json`;
  const digest = await commit(delivery, { name, manifest });
  if (as === 'site') await removeOld(delivery, { there, root, files });
  const parts = files.map(({ path, object }) => ({ name: root + path, sha256: object }));
  await readBack(place, [...parts, ...manifest.proof, { name, sha256: digest }], (done) =>
    request.progress?.({ phase: 'checking', done: Math.min(done, total), total }),
  );
  return { manifest: name };
}

/** Pages after what they show, and the first page last: whoever reads meanwhile gets no page without its parts. */
function inOrder(files: readonly File[], as: FilesForm['as']): readonly (readonly File[])[] {
  if (as === 'files') return [files];
  const isPage = ({ path }: File): boolean => /\.html?$/i.test(path);
  const isFirst = ({ path }: File): boolean => path === 'index.html';
  return [
    files.filter((file) => !isPage(file)),
    files.filter((file) => isPage(file) && !isFirst(file)),
    files.filter(isFirst),
  ];
}

async function putFile(
  { request, place }: Delivery,
  { file, root, known }: { readonly file: File; readonly root: string; readonly known: Known | null },
): Promise<void> {
  const name = root + file.path;
  if (known?.sha256 !== file.object || known.size !== file.size) {
    const { source, bytes } = await fromTree(request, file);
    const headers = { blobContentType: contentType(file.path, bytes), blobCacheControl: 'no-cache' };
    const blob = { name, sha256: file.object, run: request.runId, source, headers };
    if (!(await place.put({ ...blob, instead: known }))) throw taken(name);
  }
}

async function removeOld(
  { request, place, base }: Delivery,
  {
    there,
    root,
    files,
  }: { readonly there: ReadonlyMap<string, Known>; readonly root: string; readonly files: readonly File[] },
): Promise<void> {
  const wanted = new Set(files.map(({ path }) => root + path));
  const old = [...there].filter(
    ([name, { run }]) => run === request.runId && !wanted.has(name) && !name.startsWith(base),
  );
  await forEachOf(old, ([name, known]) => place.remove(name, known));
}
