import { toolReadme } from '../../command-line/readme.ts';
import type { Model, ProjectFile } from '../../model/model.ts';
import { licence } from '../licence.ts';
import { tsconfig } from '../node-api/paper-files.ts';

/** README, licence, package.json and the like. */
export function paperFiles(model: Model): ProjectFile[] {
  return [
    {
      path: 'README.md',
      content: toolReadme(model, {
        madeWith: 'TypeScript on Node, with no dependency: the data is kept in SQLite, which Node brings along.',
        installing: installing(model),
      }),
    },
    { path: 'LICENSE', content: licence },
    { path: '.gitignore', content: 'node_modules/\n*.db\n*.log\n' },
    { path: 'package.json', content: packageJson(model) },
    { path: 'tsconfig.json', content: tsconfig },
  ];
}

const installing = (model: Model): string => `## Install

It needs Node 24 or newer, which runs TypeScript as it is. There is nothing to build.

\`\`\`sh
npm link
${model.slug} --help
\`\`\`

Without installing: \`node src/main.ts --help\` in this folder. Test it with \`npm test\`. \`npm run typecheck\` fetches the
TypeScript compiler and checks the types.
`;

function packageJson(model: Model): string {
  const quiet = '--disable-warning=ExperimentalWarning';
  const value = {
    name: model.slug,
    version: '0.1.0',
    private: true,
    description: `Command line tool: ${model.title}`,
    license: 'MIT',
    type: 'module',
    bin: { [model.slug]: 'src/main.ts' },
    engines: { node: '>=24' },
    scripts: {
      test: `node ${quiet} --test "test/**/*.test.ts"`,
      typecheck: 'npm install --no-save --no-package-lock typescript@5.9 @types/node@24 && tsc',
    },
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}
