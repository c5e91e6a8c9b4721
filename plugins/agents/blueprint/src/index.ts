export { createBlueprintAgent } from './blueprint-agent.ts';
