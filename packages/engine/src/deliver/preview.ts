import { CreateRun, type Checkpoint, type RunState } from '@devfactory/contracts';
import type { BlobStore } from '@devfactory/kit';
import { openSourceTree } from '../checkpoints/index.ts';
import { loadManifest } from '../checkpoints/manifest.ts';
import { keyOf } from '../checkpoints/paths.ts';
import { buildProof } from '../proof/proof.ts';
import { secretPlaces } from './secret-scan.ts';
import { toldWords, waivedPlaces } from './told-words.ts';

export interface Excluded {
  readonly path: string;
  readonly why: string;
  readonly files: number;
  readonly bytes: number;
}

const rowsAtMost = 200;

/** What of a run's checkpoint would be delivered, what stays behind by folder, and which secrets would stop it. */
export async function previewDelivery(
  { blobs, state }: { readonly blobs: BlobStore; readonly state: RunState },
  checkpoint: Pick<Checkpoint, 'id' | 'manifest' | 'tree' | 'leftOut' | 'packs'>,
): Promise<{
  readonly files: number;
  readonly bytes: number;
  readonly excluded: readonly Excluded[];
  /** Places, those aside that a person let pass. */
  readonly secrets: readonly string[];
}> {
  const tree = await openSourceTree(blobs, checkpoint);
  const manifest = await loadManifest(blobs, checkpoint);
  const rows = new Map<string, { path: string; why: string; files: number; bytes: number }>();
  for (const entry of manifest.entries) {
    if (entry.type === 'directory' || manifest.source.has(keyOf(entry))) continue;
    const parts = entry.path.split('/');
    const git = parts.indexOf('.git');
    const path =
      git >= 0 ? parts.slice(0, git + 1).join('/') : parts.length > 2 ? `${parts[0]}/${parts[1]}/` : entry.path;
    const row = rows.get(path) ?? {
      path,
      why: git >= 0 ? "git's own" : 'the ignore rules name it',
      files: 0,
      bytes: 0,
    };
    row.files += 1;
    row.bytes += entry.type === 'file' ? entry.size : 0;
    rows.set(path, row);
  }
  const caches = checkpoint.leftOut.map((path) => ({ path, why: 'it can be made again', files: 0, bytes: 0 }));
  const excluded = [...[...rows.values()].toSorted((a, b) => b.bytes - a.bytes), ...caches].slice(0, rowsAtMost);
  const bytes = tree.entries.reduce((sum, entry) => sum + (entry.type === 'file' ? entry.size : 0), 0);
  const request = CreateRun.parse(JSON.parse(new TextDecoder().decode(await blobs.get(state.body))));
  const proof = buildProof({ state, request }, { checkpointId: checkpoint.id, tree: tree.hash });
  const waived = waivedPlaces(state, tree.hash);
  const secrets = (await secretPlaces(tree, toldWords(proof))).filter((place) => !waived.has(place));
  return { files: tree.entries.length, bytes, excluded, secrets };
}
