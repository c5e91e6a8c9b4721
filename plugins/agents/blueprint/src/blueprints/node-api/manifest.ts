import { httpCatalogue } from '../../http-api/catalogue.ts';
import { httpGrammar } from '../../http-api/grammar.ts';
import { httpPurpose } from '../../http-api/purpose.ts';
import type { Model, ProjectFile } from '../../model/model.ts';
import type { Blueprint } from '../blueprint.ts';
import { authFiles } from './auth-files.ts';
import { coreFiles } from './core-files.ts';
import { httpFiles } from './http-files.ts';
import { paperFiles } from './paper-files.ts';
import { nodePapers } from './papers.ts';
import { idModule, resourceFiles } from './resource-files.ts';
import { storageFiles } from './storage-files.ts';
import { testFiles, testIds } from './test-files.ts';

/** An HTTP API in TypeScript on Node alone, with SQLite and, where it is asked for, JSON Web Tokens. */
export const nodeApi: Blueprint = {
  id: 'node-api',
  title: 'Node API',
  builds: 'an HTTP API in TypeScript on Node',
  product: 'API',
  toolchain: 'node',
  asking: {
    names: /\b(?:express(?:\.?js)?|nest(?:\.?js)|fastify|koa|hono)\b/i,
    platform: /\b(?:node(?:\.?js)?|typescript|javascript)\b/i,
    purpose: httpPurpose,
    instead: {
      names: /\b(?:express(?:\.?js)?|nest(?:\.?js)|fastify|koa|hono)\b/gi,
      uses: "Node's own HTTP server and no framework",
    },
    assumed: '',
  },
  conventions: { keys: 'camel', port: 3000 },
  grammar: httpGrammar('node(?:js)?|typescript'),
  catalogue: (model: Model) => httpCatalogue(model, { blueprint: nodeApi, papers: nodePapers }),
  parts: (model: Model) => [
    {
      title: 'configuration, HTTP and storage',
      files: [...coreFiles(model), ...httpFiles(model), ...storageFiles(model)],
    },
    {
      title: model.auth ? 'accounts, tokens and routes' : 'routes',
      files: [
        ...authFiles(model),
        ...(model.entities.length > 0 ? [{ path: 'src/http/id.ts', content: idModule }] : []),
        ...resourceFiles(model),
      ],
    },
    { title: 'tests and papers', files: [...testFiles(model), ...paperFiles(model)] },
  ],
  placeOf: ({ path }) => ` at ${path}`,
  testCommand: () => 'npm test',
  isTest: ({ path }: ProjectFile) => path.startsWith('test/'),
  testIds,
};
