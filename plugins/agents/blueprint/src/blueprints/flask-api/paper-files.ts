import { readme } from '../../http-api/readme.ts';
import type { Model, ProjectFile } from '../../model/model.ts';
import { licence } from '../licence.ts';

/** README, licence, requirements and the like. */
export function paperFiles(model: Model): ProjectFile[] {
  return [
    {
      path: 'README.md',
      content: readme(model, {
        madeWith: 'A Flask application that keeps its data in SQLite.',
        running: running(model),
        settings: settings(model),
      }),
    },
    { path: 'LICENSE', content: licence },
    { path: '.gitignore', content: '__pycache__/\n*.pyc\n.pytest_cache/\n.venv/\n.env\ndata/\n' },
    { path: '.env.example', content: example(model) },
    { path: 'requirements.txt', content: `Flask>=2.2,<4\n${model.auth ? 'PyJWT>=2.6,<3\n' : ''}` },
    { path: 'requirements-dev.txt', content: '-r requirements.txt\npytest>=7.2,<10\n' },
    { path: 'requirements-production.txt', content: '-r requirements.txt\ngunicorn>=20.1,<26\n' },
    { path: 'pytest.ini', content: '[pytest]\ntestpaths = tests\npythonpath = .\n' },
  ];
}

const running = (model: Model): string => `## Run it

\`\`\`sh
python3 -m venv .venv && . .venv/bin/activate
pip install -r requirements-dev.txt
python wsgi.py
\`\`\`

Test it with \`python -m pytest\`. In production use a real server:

\`\`\`sh
pip install -r requirements-production.txt
${model.auth ? 'APP_ENV=production ' : ''}gunicorn --workers 2 --bind 0.0.0.0:8000 wsgi:app
\`\`\`
`;

function settings(model: Model): (readonly [string, string, string])[] {
  return [
    ['HOST', '`127.0.0.1`', 'Address that `python wsgi.py` listens on'],
    ['PORT', `\`${model.port}\``, 'Its port'],
    ['DATABASE', '`data/app.db`', 'SQLite file; made when it is not there'],
    ...(model.auth
      ? ([
          ['JWT_SECRET', 'random per process', 'Signs the tokens; at least 32 characters, needed with several workers'],
          ['JWT_SECONDS', `\`${model.auth.tokenSeconds}\``, 'How long a token lasts'],
          ['APP_ENV', '`development`', '`production` refuses to start without a secret'],
        ] as const)
      : []),
  ];
}

function example(model: Model): string {
  const auth = model.auth
    ? `\n# Make one: python3 -c "import secrets; print(secrets.token_hex(32))"\nJWT_SECRET=\nJWT_SECONDS=${model.auth.tokenSeconds}\nAPP_ENV=development\n`
    : '';
  return `HOST=127.0.0.1\nPORT=${model.port}\nDATABASE=data/app.db\n${auth}`;
}
