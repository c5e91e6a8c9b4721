export { installProgram, programMounts } from './install-program.ts';
export { programOnDemand } from './program-on-demand.ts';
