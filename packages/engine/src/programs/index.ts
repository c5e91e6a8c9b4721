export { installProgram, programMounts, programState, removeProgram, type Installing } from './install-program.ts';
export { programOnDemand } from './program-on-demand.ts';
