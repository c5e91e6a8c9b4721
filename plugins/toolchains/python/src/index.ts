export { pythonToolchain, type PythonToolchainOptions } from './python-toolchain.ts';
