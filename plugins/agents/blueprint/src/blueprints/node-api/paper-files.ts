import { readme } from '../../http-api/readme.ts';
import type { Model, ProjectFile } from '../../model/model.ts';
import { licence } from '../licence.ts';

/** README, licence, package.json and the like. */
export function paperFiles(model: Model): ProjectFile[] {
  return [
    {
      path: 'README.md',
      content: readme(model, {
        madeWith: 'TypeScript on Node, with no dependency: the data is kept in SQLite, which Node brings along.',
        running,
        settings: settings(model),
      }),
    },
    { path: 'LICENSE', content: licence },
    { path: '.gitignore', content: 'node_modules/\ndata/\n.env\n*.log\n' },
    { path: '.env.example', content: example(model) },
    { path: 'package.json', content: packageJson(model) },
    { path: 'tsconfig.json', content: tsconfig },
  ];
}

const running = `## Run it

It needs Node 24 or newer, which runs TypeScript as it is. There is nothing to install.

\`\`\`sh
npm start
\`\`\`

Test it with \`npm test\`. \`npm run typecheck\` fetches the TypeScript compiler and checks the types. SIGTERM stops the service
after it has answered what it is working on.
`;

function packageJson(model: Model): string {
  const quiet = '--disable-warning=ExperimentalWarning';
  const value = {
    name: model.slug,
    version: '0.1.0',
    private: true,
    description: `HTTP API: ${model.title}`,
    license: 'MIT',
    type: 'module',
    engines: { node: '>=24' },
    scripts: {
      start: `node ${quiet} src/main.ts`,
      dev: `node ${quiet} --watch src/main.ts`,
      test: `node ${quiet} --test "test/**/*.test.ts"`,
      typecheck: 'npm install --no-save --no-package-lock typescript@5.9 @types/node@24 && tsc',
    },
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Strict, for what Node runs as it is. */
export const tsconfig = `{
  "compilerOptions": {
    "target": "ES2024",
    "lib": ["ES2024"],
    "module": "NodeNext",
    "types": ["node"],
    "noEmit": true,

    "strict": true,
    "noUncheckedIndexedAccess": true,
    "exactOptionalPropertyTypes": true,
    "noImplicitReturns": true,
    "noUnusedLocals": true,
    "noUnusedParameters": true,

    "erasableSyntaxOnly": true,
    "verbatimModuleSyntax": true,
    "allowImportingTsExtensions": true,
    "skipLibCheck": true
  },
  "include": ["src", "test"]
}
`;

function settings(model: Model): (readonly [string, string, string])[] {
  return [
    ['HOST', '`127.0.0.1`', 'Address to listen on'],
    ['PORT', `\`${model.port}\``, 'Port to listen on; 0 takes a free one'],
    ['DATABASE', '`data/app.db`', 'SQLite file; made when it is not there'],
    ...(model.auth
      ? ([
          [
            'JWT_SECRET',
            'random per process',
            'Signs the tokens; at least 32 characters, needed with several instances',
          ],
          ['JWT_SECONDS', `\`${model.auth.tokenSeconds}\``, 'How long a token lasts'],
          ['NODE_ENV', '', '`production` refuses to start without a secret'],
        ] as const)
      : []),
  ];
}

function example(model: Model): string {
  const auth = model.auth
    ? `\n# Make one: openssl rand -hex 32\nJWT_SECRET=\nJWT_SECONDS=${model.auth.tokenSeconds}\n`
    : '';
  return `HOST=127.0.0.1\nPORT=${model.port}\nDATABASE=data/app.db\n${auth}`;
}
