import { toolCatalogue } from '../../command-line/catalogue.ts';
import { toolGrammar } from '../../command-line/grammar.ts';
import type { Tool } from '../../command-line/kit.ts';
import { asApi, toolPurpose } from '../../command-line/product.ts';
import type { Model, ProjectFile } from '../../model/model.ts';
import { file, paper } from '../../requirements/papers.ts';
import type { Blueprint } from '../blueprint.ts';
import { testIds } from '../node-api/test-files.ts';
import { codeFiles } from './code-files.ts';
import { paperFiles } from './paper-files.ts';
import { testFiles } from './test-files.ts';

/** A command line tool in TypeScript on Node alone: parseArgs and SQLite, which Node brings along. */
export const nodeCli: Blueprint = {
  id: 'node-cli',
  title: 'Node command line tool',
  builds: 'a command line tool in TypeScript on Node',
  product: 'tool',
  toolchain: 'node',
  asking: {
    names: /\b(?:yargs|oclif)\b/i,
    platform: /\b(?:node(?:\.?js)?|typescript|javascript)\b/i,
    purpose: toolPurpose,
    instead: { names: /\b(?:yargs|oclif|commander(?:\.?js)?(?= )|inquirer)\b/gi, uses: "Node's own parseArgs" },
    assumed: '',
  },
  conventions: { keys: 'camel', port: 0, accounts: false, product: { asApi, title: 'Tool' } },
  grammar: toolGrammar('node(?:js)?|typescript|parseargs'),
  catalogue: (model: Model) => toolCatalogue(model, nodeTool),
  parts: (model: Model) => [
    { title: 'arguments, commands and storage', files: codeFiles(model) },
    { title: 'tests and papers', files: [...testFiles(model), ...paperFiles(model)] },
  ],
  testCommand: () => 'npm test',
  isTest: ({ path }: ProjectFile) => path.startsWith('test/'),
  testIds,
};

const nodeTool: Tool = {
  blueprint: nodeCli,
  command: () => 'node --disable-warning=ExperimentalWarning src/main.ts',
  readmeNames: ['npm link', 'npm test'],
  ignored: ['node_modules/'],
  papers: (model) => [
    paper({
      key: 'language',
      text: 'The tool shall be written in TypeScript for Node.',
      checks: [
        file('package.json names the command', 'package.json', ['"type": "module"', `"${model.slug}": "src/main.ts"`]),
        file('TypeScript is checked strictly', 'tsconfig.json', ['"strict": true']),
      ],
    }),
    paper({
      key: 'sqlite',
      text: 'The tool shall keep its data in SQLite.',
      checks: [file('SQLite is what keeps the data', 'src/store.ts', ["from 'node:sqlite'"])],
    }),
  ],
};
