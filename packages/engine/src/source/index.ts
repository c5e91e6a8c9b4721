export { acceptSource, egressFor, importSource, type ImportDeps } from './import-source.ts';
export { inspectZip } from './import-zip.ts';
