import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { foldRun, requirementViews, stageWord, type ChangedPath, type RunSummary } from '@devfactory/contracts';
import { createTwoFilesPatch } from 'diff';
import { sha, type Story } from './story.ts';

const dist = process.env['DEVFACTORY_CONSOLE'] ?? fileURLToPath(new URL('../../dist/', import.meta.url));
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** Serves the built console and told runs under the factory's own routes, read only. Commands are refused with what was said. */
export function serveStories(stories: readonly Story[]): Server {
  return createServer((request, response) => {
    void answer(stories, request, response).catch((error: unknown) =>
      problem(response, { status: 500, code: 'replay', detail: String(error) }),
    );
  });
}

async function answer(stories: readonly Story[], request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://replay');
  const [, api, noun, id, what, ...rest] = url.pathname.split('/').map(decodeURIComponent);
  if (api !== 'api') return page(url.pathname, response);
  if (noun === 'agents') return json(response, agents);
  if (noun === 'about')
    return json(response, { version: '0.1.0', dataDir: 'replay', driver: 'bwrap', notEnforced: [] });
  if (noun === 'feed') return void response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': here\n\n');
  if (noun !== 'runs') return problem(response, { status: 404, code: 'not_found', detail: 'There is no such route.' });
  if (id === undefined)
    return request.method === 'POST'
      ? problem(response, { status: 503, code: 'replay', detail: 'This server only replays; it starts no runs.' })
      : json(response, { runs: stories.map(summary).toReversed(), next: null });
  const story = stories.find((item) => item.id === id);
  if (!story) return problem(response, { status: 404, code: 'unknown_run', detail: `There is no run ${id}.` });
  if (what === undefined) return json(response, foldRun(story.events));
  if (what === 'commands')
    return problem(response, {
      status: 409,
      code: 'replay',
      detail: 'This server only replays; it takes no commands.',
    });
  if (what === 'log') return log(story, url, response);
  if (what === 'events') return stream(response);
  return part(story, [what, ...rest], { url, response });
}

function log(story: Story, url: URL, response: ServerResponse): void {
  const after = Number(url.searchParams.get('after') ?? 0);
  json(response, { events: story.events.slice(after, after + Number(url.searchParams.get('limit') ?? 500)) });
}

function stream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(': here\n\n');
  const beat = setInterval(() => response.write(': still here\n\n'), 5000);
  response.on('close', () => clearInterval(beat));
}

function part(
  story: Story,
  [what, name = '', kind]: readonly string[],
  { url, response }: { readonly url: URL; readonly response: ServerResponse },
): void {
  const ask = (key: string): string => url.searchParams.get(key) ?? '';
  const tree = (ck: string): ReadonlyMap<string, string> => story.trees.get(ck) ?? new Map<string, string>();
  if (what === 'blobs')
    return void response.writeHead(200, { 'content-type': 'text/plain' }).end(story.blobs.get(name) ?? '');
  if (what === 'checks')
    return json(response, {
      check: foldRun(story.events)?.checks.find((check) => check.id === name),
      spec: story.specs.get(name),
    });
  if (what === 'checkpoints' && kind === 'files')
    return json(response, {
      entries: [...tree(name)].map(([path, text]) => ({ path, type: 'file', size: text.length, mode: 0o644 })),
      truncated: false,
    });
  if (what === 'checkpoints')
    return json(response, {
      path: ask('path'),
      text: tree(name).get(ask('path')) ?? '',
      binary: false,
      truncated: false,
      size: tree(name).get(ask('path'))?.length ?? 0,
    });
  const [from, to] = [tree(ask('from')), tree(ask('to'))];
  if (what === 'changes' && name === 'file')
    return json(response, {
      path: ask('path'),
      patch: patchOf(from.get(ask('path')) ?? '', to.get(ask('path')) ?? ''),
      binary: false,
      truncated: false,
    });
  if (what === 'changes') return json(response, { changes: changes(from, to) });
  problem(response, { status: 404, code: 'not_found', detail: 'There is no such route.' });
}

function changes(from: ReadonlyMap<string, string>, to: ReadonlyMap<string, string>): ChangedPath[] {
  const paths = [...new Set([...from.keys(), ...to.keys()])].sort();
  return paths.flatMap((path) => {
    const [before, after] = [from.get(path), to.get(path)];
    if (before === after) return [];
    const lines = patchOf(before ?? '', after ?? '')
      .split('\n')
      .filter((line) => !/^(?:---|\+\+\+) /.test(line));
    const count = (sign: string): number => lines.filter((line) => line.startsWith(sign)).length;
    const change = before === undefined ? 'added' : after === undefined ? 'removed' : 'modified';
    return [
      {
        path,
        change,
        before: before === undefined ? null : sha(before),
        after: after === undefined ? null : sha(after),
        binary: false,
        additions: count('+'),
        deletions: count('-'),
      },
    ];
  });
}

/** As the factory answers: hunks with three lines around each change. */
function patchOf(before: string, after: string): string {
  return createTwoFilesPatch('a', 'b', before, after, '', '', { context: 3 });
}

const agents = [
  {
    id: 'blueprint',
    title: 'Blueprint',
    note: 'A deterministic scaffolder, no AI model: Flask and Node/TypeScript HTTP APIs from your entities. Works offline and without a key.',
    needsModel: false,
    available: true,
    why: '',
  },
  {
    id: 'scripted',
    title: 'Scripted',
    note: 'Replays a script of tool calls; for tests and demonstrations.',
    needsModel: false,
    available: false,
    why: 'it needs a script; start it with devfactory run --agent scripted --script FILE.',
  },
];

function summary(story: Story): RunSummary {
  const state = foldRun(story.events);
  if (!state) throw new Error('a story without events');
  const sentence =
    state.stage.name === 'waiting' || state.stage.name === 'finished'
      ? state.stage.sentence
      : state.stage.name === 'failed'
        ? state.stage.reason
        : 'Step 4: python -m pytest -q';
  const proven = requirementViews(state).filter((view) => view.status === 'proven').length;
  return {
    id: state.id,
    name: state.name,
    agent: state.agent,
    state: stageWord(state),
    sentence,
    needsPerson: ['waiting', 'failed'].includes(state.stage.name),
    requirements: { total: state.requirements.length, proven },
    createdAt: state.createdAt,
    updatedAt: state.updatedAt,
  };
}

async function page(path: string, response: ServerResponse): Promise<void> {
  const wanted = normalize(path).replace(/^\/+/, '');
  const file = /^(?:assets\/|icon\.svg)/.test(wanted) ? wanted : 'index.html';
  const bytes = await readFile(join(dist, file)).catch(() => null);
  if (!bytes) return problem(response, { status: 404, code: 'not_found', detail: path });
  response
    .writeHead(200, {
      'content-type': types[extname(file)] ?? 'application/octet-stream',
      'content-security-policy': policy,
    })
    .end(bytes);
}

function json(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function problem(
  response: ServerResponse,
  { status, code, detail }: { readonly status: number; readonly code: string; readonly detail: string },
): void {
  response
    .writeHead(status, { 'content-type': 'application/problem+json' })
    .end(JSON.stringify({ type: 'about:blank', title: code, status, code, detail }));
}
