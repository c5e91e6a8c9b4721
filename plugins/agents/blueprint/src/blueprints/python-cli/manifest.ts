import { toolCatalogue } from '../../command-line/catalogue.ts';
import { toolGrammar } from '../../command-line/grammar.ts';
import type { Tool } from '../../command-line/kit.ts';
import { asApi, toolPurpose } from '../../command-line/product.ts';
import type { Model, ProjectFile } from '../../model/model.ts';
import { file, paper } from '../../requirements/papers.ts';
import type { Blueprint } from '../blueprint.ts';
import { testIds } from '../flask-api/test-files.ts';
import { codeFiles } from './code-files.ts';
import { packageOf } from './names.ts';
import { paperFiles } from './paper-files.ts';
import { testFiles } from './test-files.ts';

/** A command line tool in Python: argparse and SQLite, both of the standard library. */
export const pythonCli: Blueprint = {
  id: 'python-cli',
  title: 'Python command line tool',
  builds: 'a command line tool in Python',
  product: 'tool',
  toolchain: 'python',
  asking: {
    names: /\b(?:argparse|typer|docopt)\b/i,
    platform: /\b(?:python3?|pytest)\b/i,
    purpose: toolPurpose,
    instead: {
      names: /\b(?:(?<=\b(?:with|using|use|and|on) )click|typer|docopt)\b/gi,
      uses: "argparse of Python's standard library",
    },
    assumed: '',
  },
  conventions: { keys: 'snake', port: 0, accounts: false, product: { asApi, title: 'Tool' } },
  grammar: toolGrammar('python3?|argparse'),
  catalogue: (model: Model) => toolCatalogue(model, pythonTool),
  parts: (model: Model) => [
    { title: 'commands, parser and storage', files: codeFiles(model) },
    { title: 'tests and papers', files: [...testFiles(model), ...paperFiles(model)] },
  ],
  testCommand: () => `if ! python3 -c 'import pytest' 2>/dev/null && [ ! -d .venv ]; then
  python3 -m venv .venv && .venv/bin/pip install --quiet --disable-pip-version-check -r requirements-dev.txt || { rm -rf .venv; exit 1; }
fi
PATH="$PWD/.venv/bin:$PATH" python3 -B -m pytest -q -p no:cacheprovider`,
  isTest: ({ path }: ProjectFile) => path.startsWith('tests/'),
  testIds,
};

const pythonTool: Tool = {
  blueprint: pythonCli,
  command: (model) => `python3 -B -m ${packageOf(model)}`,
  readmeNames: ['pipx install .', 'python3 -m pytest'],
  ignored: ['__pycache__/', '.venv/'],
  papers: (model) => [
    paper({
      key: 'language',
      text: 'The tool shall be a Python package that pip installs as a command.',
      checks: [
        file('pyproject.toml names the command', 'pyproject.toml', [
          `${model.slug} = "${packageOf(model)}.cli:main"`,
          'dependencies = []',
        ]),
        file('argparse reads the command line', `${packageOf(model)}/parser.py`, ['argparse.ArgumentParser']),
      ],
    }),
    paper({
      key: 'sqlite',
      text: 'The tool shall keep its data in SQLite.',
      checks: [file('SQLite is what keeps the data', `${packageOf(model)}/store.py`, ['sqlite3.connect('])],
    }),
  ],
};
