export { archiveName } from './archive-name.ts';
export { packTree } from './pack-tree.ts';
