export { loadGuidance } from './load-guidance.ts';
export { guidanceFacts } from './refresh-guidance.ts';
