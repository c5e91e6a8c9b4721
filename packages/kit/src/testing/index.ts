export * from './agent-stage.ts';
export * from './agent-suite.ts';
export * from './blob-suite.ts';
