export { rustToolchain } from './rust-toolchain.ts';
