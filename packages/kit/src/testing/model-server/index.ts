/** The model of tests, without the suites around it: what is no test of vitest (a browser's, a bench) enters here. */
export { ModelServer, type ModelScript, type ModelServerRequest } from './model-server.ts';
export type { ModelFaultScript, ModelTurn } from './turn.ts';
