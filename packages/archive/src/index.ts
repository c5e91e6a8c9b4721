export { archiveName } from './archive-name.ts';
export { packTree } from './pack-tree.ts';
export { unpackTree } from './unpack-tree.ts';
