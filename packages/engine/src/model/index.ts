export { MeteredModel } from './ask-model.ts';
export { defaultModelLimits, type ModelLimits } from './model-limits.ts';
export { probeModel, type ModelProbe } from './probe-model.ts';
