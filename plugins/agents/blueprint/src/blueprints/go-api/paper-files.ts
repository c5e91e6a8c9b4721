import { readme } from '../../http-api/readme.ts';
import type { Model, ProjectFile } from '../../model/model.ts';
import { licence } from '../licence.ts';

/** README, licence and the like. */
export function paperFiles(model: Model): ProjectFile[] {
  const jwt = model.auth ? ', and golang-jwt for the tokens' : '';
  return [
    {
      path: 'README.md',
      content: readme(model, {
        madeWith: `Go on the standard library alone, but for bbolt, which keeps the data in one file${jwt}.`,
        running: running(model),
        settings: settings(model),
      }),
    },
    { path: 'LICENSE', content: licence },
    { path: '.gitignore', content: `/${model.slug}\n/bin/\n*.test\ndata/\n.env\n` },
    { path: '.env.example', content: example(model) },
  ];
}

const running = (model: Model): string => `## Run it

It needs Go 1.24 or newer.

\`\`\`sh
go run .
\`\`\`

Test it with \`go test ./...\`. For production build one program without anything around it:

\`\`\`sh
CGO_ENABLED=0 go build -trimpath -o bin/${model.slug} .
${model.auth ? 'APP_ENV=production JWT_SECRET=... ' : ''}HOST=0.0.0.0 bin/${model.slug}
\`\`\`

SIGTERM stops the service after it has answered what it is working on. One process at a time can have the file open; each change
is a transaction that is on the disk before it is answered. Lists read all records of their kind: quick for thousands, not meant for millions.
`;

function settings(model: Model): (readonly [string, string, string])[] {
  return [
    ['HOST', '`127.0.0.1`', 'Address to listen on'],
    ['PORT', `\`${model.port}\``, 'Port to listen on; 0 takes a free one'],
    ['DATABASE', '`data/app.db`', 'File of the data; made when it is not there'],
    ...(model.auth
      ? ([
          ['JWT_SECRET', 'random per process', 'Signs the tokens; at least 32 characters'],
          ['JWT_SECONDS', `\`${model.auth.tokenSeconds}\``, 'How long a token lasts'],
          ['APP_ENV', '`development`', '`production` refuses to start without a secret'],
        ] as const)
      : []),
  ];
}

function example(model: Model): string {
  const auth = model.auth
    ? `\n# Make one: openssl rand -hex 32\nJWT_SECRET=\nJWT_SECONDS=${model.auth.tokenSeconds}\nAPP_ENV=development\n`
    : '';
  return `HOST=127.0.0.1\nPORT=${model.port}\nDATABASE=data/app.db\n${auth}`;
}
