import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { branch, Delivering, refusal } from './testing/delivering.ts';
import { token, type Answer, type Cut } from './testing/forge.ts';

describe('a delivery to GitHub', () => {
  const at = Delivering.forEach();

  const repository = 'GET /api/v3/repos/acme/shop';
  const creation = 'POST /api/v3/repos/acme/shop/pulls';
  const refusals: readonly { what: string; where: string; answer: Answer; code: string; words: RegExp }[] = [
    {
      what: 'a token that is refused',
      where: repository,
      answer: { status: 401, body: { message: `Bad credentials ${token}` } },
      code: 'github_token_refused',
      words: /new one.*\[key\]/,
    },
    {
      what: 'missing rights',
      where: creation,
      answer: { status: 403, body: { message: 'Resource not accessible' } },
      code: 'github_forbidden',
      words: /pull requests/,
    },
    {
      what: 'a repository that is not there',
      where: repository,
      answer: { status: 404 },
      code: 'github_missing',
      words: /OWNER\/REPO/,
    },
    {
      what: 'a repository that has moved',
      where: repository,
      answer: { status: 301, headers: { location: 'https://evil.example/' } },
      code: 'github_moved',
      words: /moved/,
    },
    {
      what: 'a repository that has moved for writing, too',
      where: creation,
      answer: { status: 307, headers: { location: 'https://evil.example/' } },
      code: 'github_moved',
      words: /moved/,
    },
    {
      what: 'a rate limit',
      where: repository,
      answer: { status: 403, headers: { 'retry-after': '3600' } },
      code: 'github_rate_limited',
      words: /3600 seconds/,
    },
    {
      what: 'an hour without calls that are left',
      where: repository,
      answer: {
        status: 403,
        headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Math.ceil(Date.now() / 1000) + 3000) },
      },
      code: 'github_rate_limited',
      words: /(2[89]\d\d|3000) seconds/,
    },
    {
      what: 'a second limit, which tells no time',
      where: creation,
      answer: {
        status: 403,
        body: { message: 'You have exceeded a secondary rate limit. Please wait a few minutes.' },
      },
      code: 'github_rate_limited',
      words: /60 seconds/,
    },
    {
      what: 'a fault that stays',
      where: repository,
      answer: { status: 502 },
      code: 'github_unavailable',
      words: /502/,
    },
    {
      what: 'a refused pull request',
      where: creation,
      answer: { status: 422, body: { message: 'Validation Failed', errors: [{ message: 'No commits' }] } },
      code: 'github_refused',
      words: /No commits/,
    },
    {
      what: 'an answer of something else',
      where: repository,
      answer: { status: 200, body: ['a login page'] },
      code: 'github_unexpected',
      words: /DEVFACTORY_GITHUB_API/,
    },
    {
      what: 'git without rights',
      where: 'GET /acme/shop.git/info/refs',
      answer: { status: 403 },
      code: 'github_forbidden',
      words: /push/,
    },
  ];
  test.each(refusals)('tells $what in clear words', async ({ where, answer, code, words }) => {
    at.forge.forged = (asked) => (asked === where ? answer : null);
    expect(await refusal(at.deliver())).toMatchObject({ code, message: expect.stringMatching(words) });
  });

  /** What GitHub's own hooks say, as a hook of the repository. */
  test.each([
    [
      'rules of the branch',
      'error: GH006: Protected branch update failed for refs/heads/devfactory.',
      'github_protected',
    ],
    ['rules of the repository', 'error: GH013: Repository rule violations found.', 'github_protected'],
    ['its look for secrets', 'error: GH009: Secrets detected! push protection', 'github_secret'],
    [
      'a token that may write no workflows, which GitHub alone knows',
      'refusing to allow a Personal Access Token to create or update workflow .github/workflows/ci.yml without workflow scope',
      'github_workflow_scope',
    ],
    ['a file that is too large', 'error: GH001: Large files detected.', 'github_too_large'],
  ])('tells when a push is refused by %s, and nothing is there', async (_, said, code) => {
    const hook = join(at.forge.root, 'acme/shop.git/hooks/pre-receive');
    at.forge.commit('acme/shop', 'main', { 'README.md': 'old' });
    mkdirSync(dirname(hook), { recursive: true });
    writeFileSync(hook, `#!/bin/sh\necho '${said}' >&2\nexit 1\n`, { mode: 0o755 });
    expect(await refusal(at.deliver())).toMatchObject({ code });
    expect(at.forge.git('acme/shop', 'for-each-ref', `refs/heads/${branch}`)).toBe('');
    expect(at.forge.pulls).toEqual([]);
    rmSync(hook);
    await at.deliver();
    expect(at.forge.pulls).toHaveLength(1);
  });

  test('never follows a moved repository with its token', async () => {
    const asked: string[] = [];
    const elsewhere = createServer((request, response) => {
      asked.push(request.headers.authorization ?? '');
      response.end('{}');
    }).listen(0, '127.0.0.1');
    await once(elsewhere, 'listening');
    const { port } = elsewhere.address() as AddressInfo;
    for (const where of [repository, 'GET /acme/shop.git/info/refs'])
      for (const status of [301, 307]) {
        const headers = { location: `http://127.0.0.1:${port}/there` };
        at.forge.forged = (each) => (each === where ? { status, headers } : null);
        await refusal(at.deliver());
      }
    expect(asked).toEqual([]);
    elsewhere.close();
  });

  test.each<[string, Answer | 'cut']>([
    ['a short rate limit', { status: 429, headers: { 'retry-after': '0' } }],
    ['a passing fault', { status: 503 }],
    ['a line that is cut', 'cut'],
  ])('comes through %s at every call, once', async (_, fault) => {
    const seen = new Set<string>();
    at.forge.forged = (asked) => {
      if (seen.has(asked)) return null;
      seen.add(asked);
      return fault;
    };
    await at.deliver();
    expect(at.forge.pulls).toHaveLength(1);
    expect(at.paths()).toEqual(['README.md', 'src/cart.ts']);
  });

  test.each<Cut>(['cut in what is sent', 'cut in the answer'])(
    'comes through a push whose line is %s: one pull request, and the approved tree whole',
    async (cut) => {
      let pushes = 0;
      at.forge.forged = (asked) =>
        asked.startsWith('POST') && asked.endsWith('/git-receive-pack') && ++pushes === 1 ? cut : null;
      const files = { 'README.md': '# Shop\n', 'noise.txt': randomBytes(2_000_000).toString('base64') };
      await at.deliver({ files });
      expect(pushes).toBeGreaterThan(0);
      expect(at.forge.pulls).toHaveLength(1);
      const noise = files['noise.txt'];
      const blob = createHash('sha1').update(`blob ${noise.length}\0${noise}`).digest('hex');
      expect(at.forge.git('acme/shop', 'rev-parse', `${branch}:noise.txt`)).toBe(blob);
      at.forge.git('acme/shop', 'fsck', '--strict');
      await at.deliver({ files });
      expect(at.forge.pulls).toHaveLength(1);
    },
  );

  test('keeps the token out of addresses, arguments and what git says', async () => {
    const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
    let looked = 0;
    at.forge.watch = () => {
      for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
        const file = `/proc/${pid}/cmdline`;
        const command = existsSync(file) ? quietly(() => readFileSync(file, 'utf8')) : '';
        if (!command.startsWith('git')) continue;
        looked += 1;
        expect(command).not.toContain(token);
        expect(command).not.toContain(basic);
      }
    };
    await at.deliver();
    expect(looked).toBeGreaterThan(0);
    expect(at.forge.asked.join('\n')).not.toContain(token);
    at.forge.forged = (asked) => (asked.includes('.git/') ? { status: 401 } : null);
    await refusal(at.deliver());
  });
});

function quietly(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
