export { advanceRun } from './run/advance.ts';
export { planApproved } from './run/approve.ts';
export * from './checkpoints/index.ts';
export * from './history/index.ts';
export * from './mutate/index.ts';
export * from './source/index.ts';
export * from './verify/index.ts';
export { defaultLimits, type EngineDeps, type EngineLimits, type UploadStore } from './deps.ts';
export type { EgressSum } from './egress-sums.ts';
