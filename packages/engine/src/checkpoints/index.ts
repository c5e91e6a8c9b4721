export { collectGarbage, type Garbage, type GarbageRequest, type LiveRoot } from './garbage/collect-garbage.ts';
export { compareManifests, type Change } from './compare.ts';
export { makeCheckpoint, type CheckpointDeps, type CheckpointRequest } from './make-checkpoint.ts';
export { blobsOf, loadManifest, readObject, readObjects, streamObject, type Manifest } from './manifest.ts';
export { meantKeys } from './paths.ts';
export { fillTree } from './fill-tree.ts';
export { fillSource, restoreCheckpoint, type RestoreRequest } from './restore.ts';
export { openSourceTree, sourceEntries, treeHash } from './tree/source-tree.ts';
export { changedPaths, decodeText, filePatch, type FilePatch } from './patch.ts';
