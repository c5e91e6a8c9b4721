export { createBuiltinAgent } from './builtin-agent.ts';
