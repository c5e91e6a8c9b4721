export { installProgram, programMounts, programState } from './install-program.ts';
export { programOnDemand } from './program-on-demand.ts';
