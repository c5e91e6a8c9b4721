import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
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
      what: 'a rate limit',
      where: repository,
      answer: { status: 403, headers: { 'retry-after': '3600' } },
      code: 'github_rate_limited',
      words: /3600 seconds/,
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
