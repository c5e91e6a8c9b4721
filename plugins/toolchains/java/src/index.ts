export { javaToolchain } from './java-toolchain.ts';
