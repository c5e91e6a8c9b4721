export { onnxProvider, type OnnxProvider } from './provider.ts';
export { onnxRuntime } from './runtime.ts';
