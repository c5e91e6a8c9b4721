export { installProgram, programMounts } from './install-program.ts';
