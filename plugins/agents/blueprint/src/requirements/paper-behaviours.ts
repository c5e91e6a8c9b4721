import type { CheckProposal } from '@devfactory/contracts';
import type { Model, ProjectFile } from '../model/model.ts';
import type { Behaviour } from './behaviour.ts';

/** What can be read in the delivered files: papers, settings, and what the project is made with. */
export function paperBehaviours(model: Model, files: readonly ProjectFile[]): Behaviour[] {
  const own = model.kind === 'flask' ? flaskPapers(model) : nodePapers(model);
  return [...commonPapers(model), ...own].filter(({ checks }) => checks.every((check) => holds(check.spec, files)));
}

interface Paper {
  readonly key: string;
  readonly text: string;
  readonly checks: readonly CheckProposal[];
}

function paper({ key, text, checks }: Paper): Behaviour {
  return { key, text, checks, statuses: [], derived: key === 'readme' };
}

function file(title: string, path: string, includes: readonly string[]): CheckProposal {
  return { title, intent: 'change', timeoutMs: 60_000, spec: { kind: 'file', path, includes: [...includes] } };
}

function commonPapers(model: Model): Behaviour[] {
  const commands = model.kind === 'flask' ? ['python wsgi.py', 'python -m pytest'] : ['npm start', 'npm test'];
  const sections = ['## Run it', ...commands, '## Settings', '## API', 'GET /health'];
  const paths = model.entities.map((entity) => entity.path);
  return [
    paper({
      key: 'readme',
      text: 'The project shall have a README that says how to start it, test it and call it.',
      checks: [file('README.md says how to start, test and call it', 'README.md', [...sections, ...paths])],
    }),
    paper({
      key: 'licence',
      text: 'The project shall have the MIT licence.',
      checks: [
        file('LICENSE is the MIT licence', 'LICENSE', ['MIT License', 'Permission is hereby granted, free of charge']),
      ],
    }),
    paper({
      key: 'ignore',
      text: 'The project shall have a .gitignore.',
      checks: [
        file('.gitignore keeps data and dependencies out', '.gitignore', [
          'data/',
          model.kind === 'flask' ? '__pycache__/' : 'node_modules/',
        ]),
      ],
    }),
  ];
}

const envExample = file('.env.example lists the settings', '.env.example', ['PORT=', 'DATABASE=']);

function flaskPapers({ port }: Model): Behaviour[] {
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

function nodePapers({ port }: Model): Behaviour[] {
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

/** A file check that its own blueprint would fail is a mistake of the blueprint: it is never proposed. */
function holds(spec: CheckProposal['spec'], files: readonly ProjectFile[]): boolean {
  if (spec.kind !== 'file') return true;
  const content = files.find(({ path }) => path === spec.path)?.content;
  return content !== undefined && (spec.includes ?? []).every((text) => content.includes(text));
}
