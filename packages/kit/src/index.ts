export * from './agent.ts';
export * from './blob-store.ts';
export * from './error.ts';
export * from './exporter.ts';
export * from './run-log.ts';
export * from './toolchain.ts';
export * from './workspace.ts';
