export { cppToolchain } from './cpp-toolchain.ts';
