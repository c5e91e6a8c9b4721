export { MeteredModel } from './ask-model.ts';
export { defaultModelLimits, type ModelLimits } from './model-limits.ts';
export { SandboxModel } from './sandbox-model.ts';
export { probeModel, type ModelProbe } from './probe-model.ts';
