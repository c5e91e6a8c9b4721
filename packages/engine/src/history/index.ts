export { compareCheckpoints, type ComparisonRequest } from './compare-checkpoints.ts';
