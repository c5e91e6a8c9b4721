import { envExample, file, paper, type Papers } from '../../http-api/papers.ts';
import type { Model } from '../../model/model.ts';
import type { Behaviour } from '../../requirements/behaviour.ts';

export const flaskPapers: Papers = { commands: ['python wsgi.py', 'python -m pytest'], ignored: '__pycache__/', own };

function own({ port }: Model): Behaviour[] {
  const factory = file('an application factory makes the app', 'app/__init__.py', [
    'from flask import Flask',
    'def create_app(',
  ]);
  return [
    paper({
      key: 'language',
      text: 'The API shall be a Flask application.',
      checks: [file('Flask is what it is made with', 'requirements.txt', ['Flask']), factory],
    }),
    paper({
      key: 'factory',
      text: 'The project shall use an application factory and blueprints.',
      checks: [factory, file('routes are blueprints', 'app/health.py', ['Blueprint('])],
    }),
    paper({
      key: 'wsgi',
      text: 'The project shall have a WSGI entry point.',
      checks: [file('wsgi.py offers app', 'wsgi.py', ['app = create_app()'])],
    }),
    paper({
      key: 'settings',
      text: 'The project shall read its settings from the environment.',
      checks: [file('settings come from the environment', 'app/config.py', ['os.environ.get("DATABASE"']), envExample],
    }),
    paper({
      key: 'port',
      text: `The API shall listen on port ${port} unless PORT says otherwise.`,
      checks: [file(`the port is ${port} by default`, 'wsgi.py', [`os.environ.get("PORT", "${port}")`])],
    }),
    paper({
      key: 'sqlite',
      text: 'The API shall keep its data in SQLite.',
      checks: [file('SQLite is what keeps the data', 'app/database.py', ['sqlite3.connect('])],
    }),
  ];
}
