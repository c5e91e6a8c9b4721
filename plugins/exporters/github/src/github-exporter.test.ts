import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exporterSuite } from '@devfactory/kit/testing';
import { describe, expect, test } from 'vitest';
import { createGitHubExporter } from './index.ts';
import { branch, Delivering, refusal } from './testing/delivering.ts';
import { Forge, token } from './testing/forge.ts';

exporterSuite('the GitHub exporter', async () => {
  const forge = await Forge.open();
  const directory = mkdtempSync(join(tmpdir(), 'df-github-'));
  forge.repository('acme/shop');
  return {
    exporter: createGitHubExporter({ environment: forge.environment, directory, retryMs: 1 }),
    destination: { kind: 'github', repository: 'acme/shop' },
    arrived: async () => {
      const folder = mkdtempSync(join(directory, 'arrived-'));
      execFileSync('git', ['clone', '-q', '-b', branch, join(forge.root, 'acme/shop.git'), folder]);
      rmSync(join(folder, '.git'), { recursive: true });
      return folder;
    },
    count: async () => forge.pulls.length,
    dispose: async () => {
      await forge.close();
      rmSync(directory, { recursive: true });
    },
  };
});

describe('a delivery to GitHub', () => {
  const at = Delivering.forEach();

  test('is a draft pull request with the table of what is proven, read back as the approved tree', async () => {
    const receipt = await at.deliver();
    expect(at.forge.pulls).toMatchObject([{ draft: true, state: 'open', title: 'Shop', base: 'main', branch }]);
    expect(at.forge.pulls[0]?.body).toContain('| R-1 It has a cart | proven | cart adds: passed |');
    expect(receipt).toMatchObject({
      location: `${at.forge.web}/acme/shop/pull/1`,
      readBack: {
        from: `${at.forge.web}/acme/shop/tree/${branch}`,
        hash: at.forge.git('acme/shop', 'rev-parse', `${branch}^{tree}`),
      },
    });
    expect(receipt.files.map(({ name }) => name)).toEqual(['proof.json', 'proof.html']);
    expect(readdirSync(at.directory)).toEqual([]);
  });

  test('of what was imported from there begins at the imported commit, though the base has moved on', async () => {
    const commit = at.forge.commit('acme/shop', 'main', { 'README.md': 'old', 'gone.txt': 'x' });
    at.forge.commit('acme/shop', 'main', { 'later.txt': 'y' });
    await at.deliver({ imported: at.imported(commit) });
    expect(at.forge.git('acme/shop', 'rev-parse', `${branch}^`)).toBe(commit);
    expect(at.paths()).toEqual(['README.md', 'src/cart.ts']);
  });

  test('without the right to push goes to a fork, and the pull request is the same the second time', async () => {
    at.forge.api.mayPush = (name) => name !== 'acme/shop';
    const commit = at.forge.commit('acme/shop', 'main', { 'README.md': 'old' });
    await at.deliver({ imported: at.imported(commit) });
    const receipt = await at.deliver({ imported: at.imported(commit), files: { 'README.md': '# Better\n' } });
    expect(at.forge.pulls).toMatchObject([{ repository: 'acme/shop', from: 'ada/shop', branch, draft: true }]);
    expect(at.forge.git('acme/shop', 'for-each-ref', `refs/heads/${branch}`)).toBe('');
    expect(at.forge.git('ada/shop', 'ls-tree', '-r', '--name-only', branch)).toBe('README.md');
    expect(receipt.location).toBe(`${at.forge.web}/acme/shop/pull/1`);
    expect(receipt.notes).toHaveLength(2);
  });

  test('makes the repository where it is wanted and not there, once', async () => {
    const destination = { kind: 'github', repository: 'acme/new', create: 'private' } as const;
    await at.deliver({ destination });
    await at.deliver({ destination });
    expect(at.forge.asked.filter((asked) => asked === 'POST /api/v3/orgs/acme/repos')).toHaveLength(1);
    expect(at.forge.git('acme/new', 'ls-tree', '-r', '--name-only', branch).split('\n')).toEqual([
      'README.md',
      'src/cart.ts',
    ]);
    await at.deliver({ destination: { kind: 'github', repository: 'ada/mine', create: 'public' } });
    expect(at.forge.asked).toContain('POST /api/v3/user/repos');
    expect(await refusal(at.deliver({ destination: { kind: 'github', repository: 'acme/none' } }))).toMatchObject({
      code: 'github_missing',
    });
  });

  test('never deletes files that the run has not seen', async () => {
    at.forge.commit('acme/shop', 'main', { LICENSE: 'MIT', 'README.md': 'x' });
    const { code, message } = await refusal(at.deliver());
    expect({ code, message }).toEqual({
      code: 'github_not_imported',
      message: expect.stringContaining('never seen (LICENSE)'),
    });
    expect(at.forge.git('acme/shop', 'for-each-ref', `refs/heads/${branch}`)).toBe('');
  });

  test('again with another tree adds a commit to the same branch and updates the same pull request', async () => {
    await at.deliver();
    const first = at.head();
    await at.deliver({ files: { 'README.md': '# Better\n' }, name: 'Better' });
    expect(at.forge.git('acme/shop', 'rev-parse', `${branch}^`)).toBe(first);
    expect(at.paths()).toEqual(['README.md']);
    expect(at.forge.pulls).toMatchObject([{ title: 'Better' }]);
  });

  test('does not build over what others put on the branch', async () => {
    await at.deliver();
    const theirs = at.forge.commit('acme/shop', branch, { 'review.txt': 'mine' });
    const { code } = await refusal(at.deliver({ files: { 'README.md': 'new' } }));
    expect({ code, head: at.head() }).toEqual({ code: 'github_branch_taken', head: theirs });
  });

  test('changing a workflow without the scope is refused before anything is pushed', async () => {
    const files = { '.github/workflows/ci.yml': 'on: push\n' };
    const { code, message } = await refusal(at.deliver({ files }));
    expect(code).toBe('github_workflow_scope');
    expect(message).toContain('"workflow" scope');
    expect(at.forge.git('acme/shop', 'for-each-ref', `refs/heads/${branch}`)).toBe('');
    at.forge.api.scopes = 'repo, workflow';
    await at.deliver({ files });
    expect(at.paths()).toEqual(['.github/workflows/ci.yml']);
  });

  test('to a base that is not there names it', async () => {
    at.forge.commit('acme/shop', 'main', { 'README.md': 'x' });
    const destination = { kind: 'github', repository: 'acme/shop', base: 'develop' } as const;
    expect(await refusal(at.deliver({ destination }))).toMatchObject({
      code: 'github_base_missing',
      message: expect.stringContaining('"develop"'),
    });
  });

  test('is one pull request with the right tree, wherever its process is killed', { timeout: 300_000 }, async () => {
    await at.deliver();
    const moments = at.forge.asked.length;
    expect(moments).toBeGreaterThan(6);
    for (let nth = 1; nth <= moments; nth += 1)
      for (const when of ['before', 'after'] as const) {
        rmSync(join(at.forge.root, 'acme/shop.git'), { recursive: true });
        at.forge.repository('acme/shop');
        at.forge.pulls.length = 0;
        at.forge.asked.length = 0;
        const program = fileURLToPath(new URL('testing/deliver-once.ts', import.meta.url));
        const child = spawn(process.execPath, ['--conditions=devfactory-source', program, at.directory], {
          env: { PATH: process.env['PATH'], ...at.forge.environment },
        });
        at.forge.watch = (moment, count) => {
          if (moment === when && count === nth) child.kill('SIGKILL');
        };
        await ended(child);
        expect(child.signalCode).toBe('SIGKILL');
        at.forge.watch = () => undefined;
        await at.deliver();
        expect(at.forge.pulls).toHaveLength(1);
        expect(at.paths()).toEqual(['README.md', 'src/cart.ts']);
      }
    await at.deliver();
    expect(readdirSync(at.directory)).toEqual([]);
  });
});

describe('a destination at GitHub is refused before a run is created', () => {
  const accept = (environment: Record<string, string>) => () =>
    createGitHubExporter({ environment, directory: '/nowhere' }).accept({ kind: 'github', repository: 'acme/shop' });
  test.each([
    ['when no token is set', {}, /not set up here.*DEVFACTORY_GITHUB_TOKEN/],
    ['when the token is none', { DEVFACTORY_GITHUB_TOKEN: 'ghp_secret\nsecret' }, /is not a token/],
    ...['http://ghe.example.com/api/v3', 'https://user:pw@ghe.example.com', 'ghe.example.com', 'file:///etc'].map(
      (api) =>
        [
          `when the API is at ${api}`,
          { DEVFACTORY_GITHUB_TOKEN: token, DEVFACTORY_GITHUB_API: api },
          /must be an https address/,
        ] as const,
    ),
  ] as const)('%s', (_, environment, words) => {
    expect(accept(environment)).toThrow(words);
    expect(accept(environment)).not.toThrow(/secret|pw@/);
  });
});

async function ended(child: ReturnType<typeof spawn>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}
