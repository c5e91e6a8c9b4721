export { nodeToolchain, type NodeToolchainOptions } from './node-toolchain.ts';
