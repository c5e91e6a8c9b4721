import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Factory, planOnly, problem } from './factory.ts';
import { zip, type ZipPart } from './zip.ts';

let factory: Factory;
let run: string;
beforeAll(async () => {
  factory = await Factory.start();
  run = await factory.create({ prompt: 'x', agent: 'scripted', agentOptions: planOnly });
});
afterAll(() => factory.end());

const scripted = { agent: 'scripted', agentOptions: planOnly };
const deep = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;

test.each<[string, object, RegExp]>([
  ['an empty prompt', { prompt: '  ' }, /say what should be built/],
  ['a prompt of 200 kB', { prompt: 'x'.repeat(200_000) }, /at most 100000 bytes/],
  ['an unknown field', { prompt: 'x', ...scripted, approved: true }, /approved/],
  ['an unknown agent', { prompt: 'x', agent: 'nobody' }, /no agent 'nobody'; known are .*scripted/],
  ['a model for an agent without one', { prompt: 'x', ...scripted, model: 'openai/gpt' }, /works without a model/],
  ['an agent without its script', { prompt: 'x', agent: 'scripted' }, /needs a script/],
  [
    'a script that is none',
    { prompt: 'x', agent: 'scripted', agentOptions: { plan: [{ calls: [{ tool: 'fly', input: {} }] }], work: [] } },
    /unknown tool/,
  ],
  [
    'an exporter that is not there',
    { prompt: 'x', ...scripted, destinations: [{ kind: 'teleport' }] },
    /destinations\.0\.kind/,
  ],
  [
    'a delivery to GitHub without a token',
    { prompt: 'x', ...scripted, destinations: [{ kind: 'github', repository: 'acme/shop' }] },
    /not set up here.*DEVFACTORY_GITHUB_TOKEN/,
  ],
  [
    'a repository with a token in its address',
    {
      prompt: 'x',
      ...scripted,
      destinations: [{ kind: 'github', repository: 'https://x:ghp_0@github.com/acme/shop' }],
    },
    /must be OWNER\/REPO/,
  ],
  [
    'an upload that is not there',
    { prompt: 'x', ...scripted, source: { kind: 'upload', uploadId: 'a'.repeat(64) } },
    /no upload/,
  ],
  [
    'a git address that reads files',
    { prompt: 'x', ...scripted, source: { kind: 'git', url: 'file:///etc' } },
    /only https:/,
  ],
  [
    'a git address that nobody encrypts',
    { prompt: 'x', ...scripted, source: { kind: 'git', url: 'http://example.test/x.git' } },
    /only https:/,
  ],
  [
    'a git address of this machine',
    { prompt: 'x', ...scripted, source: { kind: 'git', url: 'https://169.254.169.254/x.git' } },
    /public host/,
  ],
  [
    'a git address with a password',
    { prompt: 'x', ...scripted, source: { kind: 'git', url: 'https://me:secret@example.test/x.git' } },
    /leave user name and password out/,
  ],
  [
    'a git ref that is an option',
    { prompt: 'x', ...scripted, source: { kind: 'git', url: 'https://example.test/x.git', ref: '--upload-pack=x' } },
    /not a branch/,
  ],
  ['a negative budget', { prompt: 'x', ...scripted, budgetUsd: -1 }, /budgetUsd/],
  [
    '201 requirements',
    { prompt: 'x', ...scripted, requirements: Array.from({ length: 201 }, () => ({ text: 'y' })) },
    /requirements/,
  ],
])('%s is a 422 that says so', async (_, body, words) => {
  const answer = await factory.ask('/api/runs', { json: body });
  expect([answer.status, problem(answer).detail]).toEqual([422, expect.stringMatching(words)]);
  expect((await factory.sql<{ count: string }>('select count(*) from runs'))[0]?.count).toBe('1');
});

test.each<[string, string, Record<string, string>, number, string]>([
  ['broken JSON', '{"prompt": ', { 'content-type': 'application/json' }, 400, 'malformed_json'],
  ['no body', '', { 'content-type': 'application/json' }, 400, 'empty_body'],
  [
    'JSON nested 100,000 deep',
    `{"prompt":"x","agentOptions":${deep(100_000)}}`,
    { 'content-type': 'application/json' },
    400,
    'too_deep',
  ],
  [
    'a key that aims at prototypes',
    '{"prompt":"x","__proto__":{"approved":true}}',
    { 'content-type': 'application/json' },
    400,
    'forbidden_key',
  ],
  [
    'a nested key that aims at prototypes',
    '{"prompt":"x","agentOptions":{"constructor":{"prototype":{}}}}',
    { 'content-type': 'application/json' },
    400,
    'forbidden_key',
  ],
  ['a form', 'prompt=x', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'content_type'],
  ['plain text', '{"prompt":"x"}', { 'content-type': 'text/plain' }, 415, 'content_type'],
  ['an array', '[]', { 'content-type': 'application/json' }, 422, 'invalid_request'],
  ['null', 'null', { 'content-type': 'application/json' }, 422, 'invalid_request'],
  [
    '12 MB',
    JSON.stringify({ prompt: 'x', agentOptions: 'y'.repeat(12_000_000) }),
    { 'content-type': 'application/json' },
    413,
    'body_too_large',
  ],
])('%s as a body is refused with a problem', async (_, body, headers, status, code) => {
  const answer = await factory.ask('/api/runs', { method: 'POST', body, headers });
  expect([answer.status, problem(answer).code]).toEqual([status, code]);
});

test('what JSON can hold and a database cannot is kept as it is', async () => {
  const odd = 'NUL \u0000, lone surrogate \ud800, right to left \u202e, astral 😀';
  const id = await factory.create({ prompt: odd, ...scripted, requirements: [{ text: odd }] });
  const state = await factory.state(id);
  expect(state.requirements[0]?.text).toBe(odd);
  expect((await factory.ask(`/api/runs/${id}/request`)).json).toMatchObject({ prompt: odd });
  expect(state.name).not.toContain('\u0000');
});

test.each([
  '/api/runs?limit=0',
  '/api/runs?limit=x',
  '/api/runs?before=nonsense',
  '/api/runs?state=flying',
  '/api/runs?q=%00',
  '/api/runs?unknown=1',
  '/api/runs/run_x',
  '/api/runs/..%2f..%2fetc',
  '/api/runs/%00',
  '/api/runs/RUN/log?after=-1',
  '/api/runs/RUN/log?after=99999999999',
  '/api/runs/RUN/events?after=x',
  '/api/runs/RUN/blobs/xyz',
  '/api/runs/RUN/blobs/..%2f..%2fcli-token',
  '/api/runs/RUN/checks/C-1%20or%201=1',
  '/api/runs/RUN/checkpoints/ck-0/file',
  '/api/runs/RUN/checkpoints/..%2f/files',
  '/api/runs/RUN/changes?from=ck-0',
  '/api/runs/RUN/exports/x/files/..%2f..%2fcli-token',
  '/api/runs/run_zzzzzzzzzzzzzzzz',
  '/api/runs/RUN/checkpoints/ck-99/files',
  '/api/runs/RUN/%zz',
  `/api/runs/${'x'.repeat(3000)}`,
])('GET %s is a problem with a 4xx', async (address) => {
  const answer = await factory.ask(address.replace('RUN', run));
  expect([answer.status >= 400 && answer.status < 500, problem(answer).status]).toEqual([true, answer.status]);
  expect(answer.text).not.toMatch(/node_modules|\.ts:|at Object/);
});

test.each([
  ['/api/runs/run_x', 'id'],
  ['/api/runs/RUN/checks/none', 'checkId'],
  ['/api/runs/RUN/checkpoints/newest/files', 'checkpointId'],
])('a part of the address that cannot be is named: %s', async (address, name) => {
  const answer = problem(await factory.ask(address.replace('RUN', run)));
  expect(answer).toMatchObject({ status: 422, detail: expect.stringContaining(`${name}: `) });
  expect(answer.issues?.map(({ path }) => path)).toEqual([name]);
});

test.each([
  '../../etc/passwd',
  '..%2f..%2fetc%2fpasswd',
  '%2e%2e/%2e%2e/etc/passwd',
  '..%5c..%5cetc',
  '%252e%252e%252f',
  '/etc/passwd',
  'a/../../b',
  './a',
  'a//b',
  'a%00b',
  '~/x',
  'file:///etc/passwd',
  '',
])('a path like %s opens nothing', async (trick) => {
  for (const address of [
    `/api/runs/${run}/checkpoints/ck-0/file?path=${trick}`,
    `/api/runs/${run}/changes/file?from=ck-0&to=ck-0&path=${trick}`,
  ]) {
    const { status } = await factory.ask(address);
    expect([address, Math.floor(status / 100)]).toEqual([address, 4]);
  }
});

test.each([
  '/..%2f..%2fpackage.json',
  '/assets/..%2f..%2f..%2fpackage.json',
  '/..%5c..%5cx',
  '/a%00.js',
  '/.env',
  '/assets/.env',
])('the console serves no file outside of itself for %s', async (address) => {
  const answer = await factory.ask(address, { as: 'nobody' });
  expect([400, 404]).toContain(answer.status);
});

test.each<[string, object, number, string]>([
  ['an unknown command', { do: 'explode' }, 422, 'invalid_request'],
  ['an unknown field', { do: 'pause', force: true }, 422, 'invalid_request'],
  ['a delivery of what nobody approved', { do: 'export', destination: { kind: 'zip' } }, 409, 'not_approved'],
  ['feedback larger than an event', { do: 'feedback', text: '\u0001'.repeat(20_000) }, 413, 'event_too_large'],
  ['a requirement that is not there', { do: 'waive-requirement', id: 'R-77', reason: 'y' }, 409, 'unknown_requirement'],
  ['an answer to no question', { do: 'answer', questionId: 'q', answer: 'y' }, 409, 'unknown_question'],
  ['a checkpoint that is not there', { do: 'restore', checkpointId: 'ck-77' }, 409, 'unknown_checkpoint'],
  ['a result nobody reviewed', { do: 'approve-result', tree: 'a'.repeat(64) }, 409, 'not_in_review'],
])('%s as a command is refused', async (_, command, status, code) => {
  const answer = await factory.command(run, command);
  expect([answer.status, problem(answer).code]).toEqual([status, code]);
});

const upload = (body: Uint8Array<ArrayBuffer>) =>
  factory.ask('/api/uploads', { body, headers: { 'content-type': 'application/zip' } });

test.each<[string, readonly ZipPart[], string]>([
  ['leaves its folder', [{ name: '../../evil.txt' }], 'zip_slip'],
  ['has an absolute path', [{ name: '/etc/evil' }], 'zip_slip'],
  ['has a Windows path', [{ name: 'C:\\evil' }], 'zip_slip'],
  ['has a link that leads out', [{ name: 'a', mode: 0o120777, data: Buffer.from('/etc') }], 'zip_symlink'],
  ['writes through a link', [{ name: 'a', mode: 0o120777, data: Buffer.from('b') }, { name: 'a/b' }], 'zip_slip'],
  ['holds a device', [{ name: 'dev', mode: 0o020666 }], 'zip_special'],
  ['holds a pipe', [{ name: 'pipe', mode: 0o010666 }], 'zip_special'],
  ['names a file twice', [{ name: 'a' }, { name: 'a' }], 'zip_duplicate'],
  ['uses a file as a folder', [{ name: 'a' }, { name: 'a/b' }], 'zip_slip'],
  ['has a wrong checksum', [{ name: 'a', checksum: 1 }], 'zip_invalid'],
  ['lies about a size', [{ name: 'a', data: Buffer.alloc(1000), size: 10 }], 'zip_invalid'],
  ['is a bomb', [{ name: 'a', data: Buffer.alloc(300_000_000) }], 'zip_bomb'],
])('an upload that %s is refused and not kept', async (_, parts, code) => {
  const answer = await upload(zip(parts));
  expect([answer.status, problem(answer).code]).toEqual([422, code]);
  expect(await factory.sql('select 1 from uploads')).toEqual([]);
});

test('an upload that is no ZIP, empty, or of another type is refused', async () => {
  expect(problem(await upload(Uint8Array.from(Buffer.from('not a zip')))).code).toBe('zip_invalid');
  expect(problem(await upload(new Uint8Array())).status).toBe(422);
  expect((await factory.ask('/api/uploads', { json: {} })).status).toBe(415);
  expect(
    (await factory.ask('/api/uploads', { method: 'POST', body: 'x', headers: { 'content-type': 'text/plain' } }))
      .status,
  ).toBe(415);
});

test('an upload that says it is too large is refused before it is read', async () => {
  const { promise, resolve } = Promise.withResolvers<number>();
  const sent = request(
    `${factory.server.url}/api/uploads`,
    {
      method: 'POST',
      headers: {
        authorization: `Bearer ${factory.token}`,
        'content-type': 'application/zip',
        'content-length': '600000000',
      },
    },
    (response) => resolve(response.statusCode ?? 0),
  );
  sent.on('error', () => undefined);
  sent.write('PK');
  expect(await promise).toBe(413);
  sent.destroy();
});

test('a good upload is kept once, however often it is sent, and a run can begin from it', async () => {
  const good = zip([
    { name: 'src/' },
    { name: 'src/a.txt' },
    { name: 'link', mode: 0o120777, data: Buffer.from('src/a.txt') },
  ]);
  const first = await upload(good);
  expect([first.status, first.json]).toEqual([
    201,
    { uploadId: expect.stringMatching(/^[0-9a-f]{64}$/), files: 2, bytes: good.length },
  ]);
  expect((await upload(good)).json).toEqual(first.json);
  const { uploadId } = first.json as { uploadId: string };
  expect(await factory.create({ prompt: 'x', ...scripted, source: { kind: 'upload', uploadId } })).toMatch(/^run_/);
});
