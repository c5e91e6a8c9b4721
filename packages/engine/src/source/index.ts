export { acceptSource, egressFor, importSource, sourcePlaces, type ImportDeps } from './import-source.ts';
export { inspectZip } from './import-zip.ts';
