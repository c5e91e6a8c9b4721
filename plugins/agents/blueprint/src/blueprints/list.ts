import type { Blueprint } from './blueprint.ts';
import { flaskApi } from './flask-api/manifest.ts';
import { goApi } from './go-api/manifest.ts';
import { javaApi } from './java-api/manifest.ts';
import { nodeApi } from './node-api/manifest.ts';
import { nodeCli } from './node-cli/manifest.ts';
import { pythonCli } from './python-cli/manifest.ts';
import { reactApp } from './react-app/manifest.ts';
import { rustCli } from './rust-cli/manifest.ts';
import { staticPage } from './static-page/manifest.ts';

/** Every blueprint there is. Where a prompt names no language, the first whose purpose it names is taken. */
export const blueprints: readonly Blueprint[] = [
  flaskApi,
  nodeApi,
  goApi,
  javaApi,
  pythonCli,
  nodeCli,
  rustCli,
  staticPage,
  reactApp,
];

/** 'a Flask API in Python or an HTTP API in TypeScript on Node' */
export function whatIsBuilt(): string {
  return new Intl.ListFormat('en', { type: 'disjunction' }).format(blueprints.map(({ builds }) => builds));
}
