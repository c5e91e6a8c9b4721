export * from './agent-stage.ts';
export * from './agent-suite.ts';
export * from './blob-suite.ts';
export * from './toolchain-suite.ts';
export * from './memory-blob-store.ts';
export * from './exporter-suite.ts';
export * from './workspace-stage.ts';
export * from './workspace-suite.ts';
