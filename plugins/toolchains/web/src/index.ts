export { webToolchain } from './web-toolchain.ts';
