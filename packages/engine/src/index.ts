export { advanceRun } from './run/advance.ts';
export { planApproved, specDigest } from './run/approve.ts';
export { runWorkspace, runWorkspaceId } from './run/run-workspace.ts';
export { findBrowser, takeScreenshot } from './browser/index.ts';
export * from './checkpoints/index.ts';
export { describeEdit, type EditSides } from './edits/describe-edit.ts';
export { SourceSight } from './edits/source-sight.ts';
export * from './history/index.ts';
export * from './mutate/index.ts';
export { planPreview, type PreviewPlan } from './previews/plan-preview.ts';
export {
  installProgram,
  programMounts,
  programOnDemand,
  programState,
  removeProgram,
  type Installing,
} from './programs/index.ts';
export * from './projects/index.ts';
export * from './services/index.ts';
export * from './source/index.ts';
export * from './verify/index.ts';
export { defaultModelLimits, MeteredModel, probeModel, SandboxModel, type ModelProbe } from './model/index.ts';
export { defaultLimits, type CoEditing, type EngineDeps, type EngineLimits, type UploadStore } from './deps.ts';
export { findSecrets } from './deliver/secret-scan.ts';
export { previewDelivery } from './deliver/preview.ts';
export type { EgressSum } from './egress-sums.ts';
