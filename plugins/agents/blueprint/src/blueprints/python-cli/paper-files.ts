import { toolReadme } from '../../command-line/readme.ts';
import type { Model, ProjectFile } from '../../model/model.ts';
import { licence } from '../licence.ts';
import { packageOf } from './names.ts';

/** README, licence, pyproject.toml and the like. */
export function paperFiles(model: Model): ProjectFile[] {
  return [
    {
      path: 'README.md',
      content: toolReadme(model, {
        madeWith: 'A Python program without dependencies that keeps its data in SQLite.',
        installing: installing(model),
      }),
    },
    { path: 'LICENSE', content: licence },
    { path: '.gitignore', content: '__pycache__/\n*.pyc\n.pytest_cache/\n.venv/\n*.egg-info/\nbuild/\ndist/\n*.db\n' },
    { path: 'pyproject.toml', content: pyproject(model) },
    { path: 'requirements-dev.txt', content: 'pytest>=7.2,<10\n' },
  ];
}

const installing = (model: Model): string => `## Install

It needs Python 3.9 or newer.

\`\`\`sh
pipx install .
${model.slug} --help
\`\`\`

Without installing: \`python3 -m ${packageOf(model)} --help\` in this folder. Test it with \`python3 -m pytest\`
(\`pip install -r requirements-dev.txt\` brings pytest).
`;

const pyproject = (model: Model): string => `[build-system]
requires = ["setuptools>=61"]
build-backend = "setuptools.build_meta"

[project]
name = "${model.slug}"
version = "0.1.0"
description = "Command line tool: ${model.title.replaceAll(/["\\]/g, '')}"
readme = "README.md"
requires-python = ">=3.9"
license = { text = "MIT" }
dependencies = []

[project.scripts]
${model.slug} = "${packageOf(model)}.cli:main"

[tool.setuptools]
packages = ["${packageOf(model)}"]

[tool.pytest.ini_options]
testpaths = ["tests"]
pythonpath = ["."]
`;
