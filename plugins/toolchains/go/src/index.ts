export { goToolchain } from './go-toolchain.ts';
