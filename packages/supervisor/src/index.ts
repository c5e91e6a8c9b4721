export { cacheRules } from './caches.ts';
export type { CacheRule } from './caches.ts';
export { Supervisor } from './host/supervisor.ts';
export type { SupervisorOptions } from './host/supervisor.ts';
export { supervisorProgram } from './program.ts';
export type { ProgramFile } from './program.ts';
export { egressPort, modelsPort } from './protocol/requests.ts';
export type { SupervisorSettings } from './protocol/requests.ts';
