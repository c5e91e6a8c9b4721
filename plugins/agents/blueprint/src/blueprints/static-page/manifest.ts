import type { Model, ProjectFile } from '../../model/model.ts';
import { file, paper } from '../../requirements/papers.ts';
import { pageCatalogue } from '../../web-page/catalogue.ts';
import { pageGrammar } from '../../web-page/grammar.ts';
import type { Site } from '../../web-page/kit.ts';
import { pagePapers } from '../../web-page/papers.ts';
import { asApi, pagePurpose } from '../../web-page/product.ts';
import { headingOf } from '../../web-page/visit.ts';
import type { Blueprint } from '../blueprint.ts';
import { indexHtml } from './html-files.ts';
import { paperFiles } from './paper-files.ts';
import { script } from './script-module.ts';
import { style } from './style-module.ts';
import { ownTests, testFiles, testIds } from './test-files.ts';

/** A web page in plain HTML, CSS and JavaScript that keeps its things in the browser. */
export const staticPage: Blueprint = {
  id: 'static-page',
  title: 'static web page',
  builds: 'a static web page with a small script',
  product: 'page',
  toolchain: 'node',
  asking: {
    names:
      /\b(?:static (?:html |web )?(?:pages?|sites?|web ?sites?)|html(?:5)? (?:pages?|files?|forms?)|vanilla (?:js|javascript)|(?:plain|pure) (?:html|javascript|js))\b/i,
    platform: /\b(?:javascript|html5?|css|jquery)\b/i,
    purpose: pagePurpose,
    instead: {
      names: /\b(?:jquery|bootstrap|tailwind(?: ?css)?|alpine(?:\.?js)?|htmx)\b/gi,
      uses: 'plain HTML, CSS and JavaScript',
    },
    assumed: '',
  },
  conventions: { keys: 'camel', port: 8000, accounts: false, product: { asApi, title: 'Page' } },
  grammar: pageGrammar(
    '(?:plain |vanilla |pure )?(?:html5?|css3?|javascript|js)|(?:no|without(?: an?y?)?) (?:frameworks?|dependenc(?:y|ies)|libraries|build(?: step)?)',
  ),
  catalogue: (model: Model) => pageCatalogue(model, staticSite),
  parts: (model: Model) => [
    {
      title: 'page, style and script',
      files: [
        { path: 'public/index.html', content: indexHtml(model) },
        { path: 'public/style.css', content: style },
        { path: 'public/script.js', content: script },
      ],
    },
    { title: 'tests and papers', files: [...testFiles(model), ...paperFiles(model)] },
  ],
  placeOf: (entity) => ` under the heading ${headingOf(entity)}`,
  testCommand: () =>
    '{ [ -d node_modules ] || npm install --ignore-scripts --no-audit --no-fund --loglevel=error; } && npm test',
  isTest: ({ path }: ProjectFile) => path.startsWith('test/'),
  testIds,
};

const staticSite: Site = {
  blueprint: staticPage,
  readmeNames: ['public/index.html', 'npm test'],
  ignored: ['node_modules/'],
  papers: (model) => [
    ...pagePapers({ html: 'public/index.html', style: 'public/style.css' }),
    paper({
      key: 'language',
      text: 'The page shall be made of plain HTML, CSS and JavaScript.',
      checks: [
        file('the page has a script and a style of its own', 'public/index.html', [
          '<script src="script.js" defer></script>',
          '<link rel="stylesheet" href="style.css" />',
        ]),
      ],
    }),
    paper({
      key: 'port',
      text: `The README shall say how to serve the page on port ${model.port}.`,
      checks: [file(`the port is ${model.port}`, 'README.md', [`--directory public ${model.port}`])],
    }),
  ],
  tests: (model) => ownTests(staticPage, model),
};
