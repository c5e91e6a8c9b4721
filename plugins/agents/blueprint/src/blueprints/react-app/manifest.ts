import type { Model, ProjectFile } from '../../model/model.ts';
import { file, paper } from '../../requirements/papers.ts';
import { pageCatalogue } from '../../web-page/catalogue.ts';
import { pageGrammar } from '../../web-page/grammar.ts';
import type { Site } from '../../web-page/kit.ts';
import { pagePapers } from '../../web-page/papers.ts';
import { asApi, pagePurpose } from '../../web-page/product.ts';
import { headingOf } from '../../web-page/visit.ts';
import type { Blueprint } from '../blueprint.ts';
import { style } from '../static-page/style-module.ts';
import { components } from './component-modules.ts';
import { findModule, recordsModule, validateModule } from './logic-modules.ts';
import { paperFiles } from './paper-files.ts';
import { ownTests, testFiles, testIds } from './test-files.ts';
import { thingModule, thingsModule } from './things-module.ts';

/** A web app in React and TypeScript, built with Vite, that keeps its things in the browser. */
export const reactApp: Blueprint = {
  id: 'react-app',
  title: 'React app',
  builds: 'a React app with Vite',
  product: 'page',
  toolchain: 'node',
  asking: {
    names: /\b(?:react(?:\.?js)?|vite|jsx|tsx)\b/i,
    platform: /\btypescript\b/i,
    purpose: pagePurpose,
    instead: {
      names:
        /\b(?:next\.?js|remix|redux|zustand|tailwind(?: ?css)?|bootstrap|mui|material[- ]ui|chakra(?: ui)?|styled-components|react[- ]router|react[- ]query|formik|react[- ]hook[- ]form|create[- ]react[- ]app)\b/gi,
      uses: 'React, Vite and CSS alone',
    },
    assumed: '',
  },
  conventions: { keys: 'camel', port: 5173, accounts: false, product: { asApi, title: 'App' } },
  grammar: pageGrammar('react(?:js|-app|-anwendung)?|vite|typescript|tsx'),
  catalogue: (model: Model) => pageCatalogue(model, reactSite),
  parts: (model: Model) => [
    { title: 'things, rules and storage', files: logicFiles(model) },
    {
      title: 'components and style',
      files: [
        ...Object.entries(components).map(([name, content]) => ({ path: `src/${name}`, content })),
        { path: 'src/style.css', content: style },
      ],
    },
    { title: 'tests and papers', files: [...testFiles(model), ...paperFiles(model)] },
  ],
  placeOf: (entity) => ` under the heading ${headingOf(entity)}`,
  testCommand: () =>
    '{ [ -d node_modules ] || npm install --ignore-scripts --no-audit --no-fund --loglevel=error; } && npm run build && npm test',
  isTest: ({ path }: ProjectFile) => path.startsWith('test/'),
  testIds,
};

function logicFiles(model: Model): ProjectFile[] {
  return [
    { path: 'src/thing.ts', content: thingModule },
    { path: 'src/things.ts', content: thingsModule(model) },
    { path: 'src/validate.ts', content: validateModule },
    { path: 'src/find.ts', content: findModule },
    { path: 'src/use-records.ts', content: recordsModule },
  ];
}

const reactSite: Site = {
  blueprint: reactApp,
  readmeNames: ['npm run dev', 'npm run build', 'npm test'],
  ignored: ['node_modules/', 'dist/'],
  papers: (model) => [
    ...pagePapers({ html: 'index.html', style: 'src/style.css' }),
    paper({
      key: 'language',
      text: 'The page shall be made with React and TypeScript, and built with Vite.',
      checks: [
        file('package.json has React and Vite', 'package.json', [
          '"react":',
          '"vite":',
          '"build": "tsc && vite build ',
        ]),
        file('types are checked strictly', 'tsconfig.json', ['"strict": true']),
      ],
    }),
    paper({
      key: 'vitest',
      text: 'The project shall be tested with Vitest and Testing Library.',
      checks: [
        file('the tests use Testing Library', 'test/app.test.tsx', ["from '@testing-library/react'", "from 'vitest'"]),
      ],
    }),
    paper({
      key: 'settings',
      text: 'The project shall take the port of its development server from the environment.',
      checks: [
        file('the port comes from the environment', 'vite.config.ts', ["loadEnv(mode, '.', 'PORT')"]),
        file('.env.example names it', '.env.example', ['PORT=']),
      ],
    }),
    paper({
      key: 'port',
      text: `The development server shall listen on port ${model.port} unless PORT says otherwise.`,
      checks: [file(`the port is ${model.port} by default`, 'vite.config.ts', [`?? ${model.port})`])],
    }),
  ],
  tests: (model) => ownTests(model),
};
