import { httpCatalogue } from '../../http-api/catalogue.ts';
import { httpGrammar } from '../../http-api/grammar.ts';
import { httpPurpose } from '../../http-api/purpose.ts';
import type { Model, ProjectFile } from '../../model/model.ts';
import type { Blueprint } from '../blueprint.ts';
import { authFiles } from './auth-files.ts';
import { coreFiles } from './core-files.ts';
import { paperFiles } from './paper-files.ts';
import { flaskPapers } from './papers.ts';
import { resourceFiles } from './resource-files.ts';
import { storageFiles } from './storage-files.ts';
import { testFiles, testIds } from './test-files.ts';

/** A Flask API on SQLite, with JSON Web Tokens where they are asked for. */
export const flaskApi: Blueprint = {
  id: 'flask-api',
  title: 'Flask API',
  builds: 'a Flask API in Python',
  product: 'API',
  toolchain: 'python',
  asking: {
    names: /\bflask\b/i,
    language: /\b(?:python3?|pytest|wsgi)\b/i,
    purpose: httpPurpose,
    assumed: 'Python was asked for: it is a Flask application.',
  },
  conventions: { keys: 'snake', port: 8000 },
  grammar: httpGrammar('flask(?: application| app)?|python3?'),
  catalogue: (model: Model) => httpCatalogue(model, { blueprint: flaskApi, papers: flaskPapers }),
  parts: (model: Model) => [
    {
      title: 'configuration, application factory, errors and storage',
      files: [...coreFiles(model), ...storageFiles(model)],
    },
    {
      title: model.auth ? 'accounts, tokens and routes' : 'routes',
      files: [...authFiles(model), ...resourceFiles(model)],
    },
    { title: 'tests and papers', files: [...testFiles(model), ...paperFiles(model)] },
  ],
  placeOf: ({ path }) => ` at ${path}`,
  testCommand: (
    model,
  ) => `if ! python3 -c 'import flask, pytest${model.auth ? ', jwt' : ''}' 2>/dev/null && [ ! -d .venv ]; then
  python3 -m venv .venv && .venv/bin/pip install --quiet --disable-pip-version-check -r requirements-dev.txt || { rm -rf .venv; exit 1; }
fi
PATH="$PWD/.venv/bin:$PATH" python3 -B -m pytest -q -p no:cacheprovider`,
  isTest: ({ path }: ProjectFile) => path.startsWith('tests/'),
  testIds,
};
