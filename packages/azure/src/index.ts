export {
  azureAccessFrom,
  inContainer,
  openContainer,
  placeOf,
  type AzureAccess,
  type AzureVariables,
} from './access.ts';
export { codeOf, statusOf } from './answers.ts';
export { putBlocks, type BlobSource } from './blocks.ts';
export { Calls, type CallOptions } from './calls.ts';
export { linkTo } from './link.ts';
export { readPart, type BlobPart } from './read-part.ts';
