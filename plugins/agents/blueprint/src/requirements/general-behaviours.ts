import type { CheckProposal } from '@devfactory/contracts';
import type { Model, ProjectFile } from '../model/model.ts';
import { filesOf, type Blueprint } from '../shared/blueprint.ts';
import type { Behaviour } from './behaviour.ts';
import { errorBody, Probe } from './http.ts';

/** What every generated project does, whatever it keeps. */
export function generalBehaviours(model: Model, blueprint: Blueprint): Behaviour[] {
  const probe = new Probe(model);
  const files = filesOf(blueprint, model);
  return [
    {
      key: 'health', statuses: [200], derived: true,
      text: 'When a client requests GET /health, the API shall answer 200 with status ok.',
      checks: [probe.check('GET /health answers 200 with status ok', [probe.ask('GET', '/health', { status: 200, answer: { status: 'ok' }, authorization: null })])],
    },
    {
      key: 'errors', statuses: [404, 405], derived: true,
      text: 'If a client requests a route that does not exist, then the API shall answer 404 with a JSON error.',
      checks: [probe.check('an unknown route and a wrong method are answered as JSON', [
        probe.ask('GET', '/health', { status: 200, authorization: null }),
        probe.ask('GET', '/no-such-route', { status: 404, answer: errorBody, authorization: null }),
        probe.ask('DELETE', '/health', { status: 405, answer: errorBody, authorization: null }),
      ])],
    },
    ...paperBehaviours(model, files),
    ...testBehaviours(blueprint, files),
  ];
}

function file(title: string, path: string, includes: readonly string[]): CheckProposal {
  return { title, intent: 'change', timeoutMs: 60_000, spec: { kind: 'file', path, includes: [...includes] } };
}

function paperBehaviours(model: Model, files: readonly ProjectFile[]): Behaviour[] {
  const flask = model.kind === 'flask';
  const paths = model.entities.map((entity) => entity.path);
  const plain = (key: string, text: string, checks: readonly CheckProposal[], derived = false): Behaviour => ({ key, text, statuses: [], derived, checks });
  const config = flask ? 'app/config.py' : 'src/config.ts';
  const start = flask ? 'python wsgi.py' : 'npm start';
  const test = flask ? 'python -m pytest' : 'npm test';
  const language = flask
    ? [file('Flask is what it is made with', 'requirements.txt', ['Flask']), file('an application factory makes the app', 'app/__init__.py', ['from flask import Flask', 'def create_app('])]
    : [file('it starts TypeScript on Node', 'package.json', ['"type": "module"', 'src/main.ts']), file('TypeScript is checked strictly', 'tsconfig.json', ['"strict": true'])];
  return [
    plain('readme', 'The project shall have a README that says how to start it, test it and call it.', [file('README.md says how to start, test and call it', 'README.md', ['## Run it', start, test, '## Settings', '## API', 'GET /health', ...paths])], true),
    plain('licence', 'The project shall have the MIT licence.', [file('LICENSE is the MIT licence', 'LICENSE', ['MIT License', 'Permission is hereby granted, free of charge'])]),
    plain('ignore', 'The project shall have a .gitignore.', [file('.gitignore keeps data and dependencies out', '.gitignore', ['data/', flask ? '__pycache__/' : 'node_modules/'])]),
    plain('settings', 'The project shall read its settings from the environment.', [
      file('settings come from the environment', config, [flask ? 'os.environ.get("DATABASE"' : "env['DATABASE']"]), file('.env.example lists the settings', '.env.example', ['PORT=', 'DATABASE=']),
    ]),
    plain('port', `The API shall listen on port ${model.port} unless PORT says otherwise.`, [file(`the port is ${model.port} by default`, flask ? 'wsgi.py' : config, [String(model.port), 'PORT'])]),
    plain('sqlite', 'The API shall keep its data in SQLite.', [file('SQLite is what keeps the data', flask ? 'app/database.py' : 'src/storage/database.ts', [flask ? 'sqlite3.connect(' : "from 'node:sqlite'"])]),
    plain('language', flask ? 'The API shall be a Flask application.' : 'The API shall be written in TypeScript for Node.', language),
    ...(flask ? [
      plain('factory', 'The project shall use an application factory and blueprints.', [...language.slice(1), file('routes are blueprints', 'app/health.py', ['Blueprint('])]),
      plain('wsgi', 'The project shall have a WSGI entry point.', [file('wsgi.py offers app', 'wsgi.py', ['app = create_app()'])]),
    ] : []),
  ].filter((behaviour) => behaviour.checks.every((check) => check.spec.kind !== 'file' || holds(check.spec, files)));
}

/** A file check that its own blueprint would fail is a mistake of the blueprint: it is never proposed. */
function holds(spec: { readonly path: string; readonly includes?: readonly string[] | undefined }, files: readonly ProjectFile[]): boolean {
  const content = files.find(({ path }) => path === spec.path)?.content;
  return content !== undefined && (spec.includes ?? []).every((text) => content.includes(text));
}

function testBehaviours(blueprint: Blueprint, files: readonly ProjectFile[]): Behaviour[] {
  const tests = files.filter((item) => blueprint.isTest(item));
  const stops = blueprint.testIds(tests).filter((id) => id.includes('ends by itself when it is told to stop'));
  const shutdown: Behaviour[] = stops.length === 0 ? [] : [{
    key: 'shutdown', statuses: [], derived: false,
    text: 'When the API gets SIGTERM, it shall finish what it is working on and end by itself.',
    checks: [testCheck(blueprint, tests, 'SIGTERM ends the service with exit code 0', (id) => stops.includes(id))],
  }];
  return [...shutdown, {
    key: 'tests', statuses: [], derived: true,
    text: 'The project shall have tests of its own that pass.',
    checks: [testCheck(blueprint, tests, 'the delivered tests pass', () => true)],
  }];
}

/** The delivered test files as a check: exactly these tests must run and pass. */
export function testCheck(blueprint: Blueprint, tests: readonly ProjectFile[], title: string, wanted: (id: string) => boolean): CheckProposal {
  return {
    title, intent: 'change', timeoutMs: 300_000,
    spec: { kind: 'test', toolchain: blueprint.toolchain, files: tests.map(({ path, content }) => ({ path, content })), tests: blueprint.testIds(tests).filter(wanted) },
  };
}
