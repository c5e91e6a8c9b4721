import { envExample, file, paper, type Papers } from '../../http-api/papers.ts';
import type { Model } from '../../model/model.ts';
import type { Behaviour } from '../../requirements/behaviour.ts';

export const nodePapers: Papers = { commands: ['npm start', 'npm test'], ignored: 'node_modules/', own };

function own({ port }: Model): Behaviour[] {
  return [
    paper({
      key: 'language',
      text: 'The API shall be written in TypeScript for Node.',
      checks: [
        file('it starts TypeScript on Node', 'package.json', ['"type": "module"', 'src/main.ts']),
        file('TypeScript is checked strictly', 'tsconfig.json', ['"strict": true']),
      ],
    }),
    paper({
      key: 'settings',
      text: 'The project shall read its settings from the environment.',
      checks: [file('settings come from the environment', 'src/config.ts', ["env['DATABASE']"]), envExample],
    }),
    paper({
      key: 'port',
      text: `The API shall listen on port ${port} unless PORT says otherwise.`,
      checks: [file(`the port is ${port} by default`, 'src/config.ts', [`readWhole(env, 'PORT', ${port})`])],
    }),
    paper({
      key: 'sqlite',
      text: 'The API shall keep its data in SQLite.',
      checks: [file('SQLite is what keeps the data', 'src/storage/database.ts', ["from 'node:sqlite'"])],
    }),
  ];
}
