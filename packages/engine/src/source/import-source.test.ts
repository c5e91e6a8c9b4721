import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Checkpoint, RunEvent, Source } from '@devfactory/contracts';
import { DomainError, type SourcePlace, type Workspace } from '@devfactory/kit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openFolderWorkspace } from '../../test/folder-workspace.ts';
import { type GitServer, makeRepository, serveGit } from '../../test/git-server.ts';
import { listTree } from '../../test/list-tree.ts';
import { makeZip, writeZip } from '../../test/make-zip.ts';
import { numbered, put, Stage } from '../../test/stage.ts';
import { makeCheckpoint } from '../checkpoints/index.ts';
import { acceptSource, egressFor, importSource } from './index.ts';

let stage: Stage;
beforeEach(() => {
  stage = new Stage();
});
afterEach(() => stage.dispose());

const noEvents = { read: async () => [] };
const noUploads = { open: () => Promise.reject(new Error('nothing was uploaded')) };

function bring(
  workspace: Workspace,
  source: Source,
  change: Partial<Parameters<typeof importSource>[0]> = {},
): Promise<string | null> {
  return importSource({ workspace, blobs: stage.blobs, uploads: noUploads, log: noEvents, ...change }, source);
}

test('nothing comes from an empty source', async () => {
  const { root, workspace } = stage.open('a');
  await bring(workspace, { kind: 'empty' });
  expect(listTree(root)).toEqual([]);
});

test('an upload is unpacked', async () => {
  const path = writeZip(join(stage.directory, 'u.zip'), await makeZip([{ path: 'a', content: 'a' }]));
  const { root, workspace } = stage.open('a');
  await bring(
    workspace,
    { kind: 'upload', uploadId: 'f'.repeat(64), label: 'u' },
    { uploads: { open: async () => ({ path }) } },
  );
  expect(listTree(root)).toMatchObject([{ path: 'a' }]);
});

test('a checkpoint of another run comes back whole, and a missing one is named', async () => {
  const first = stage.open('a');
  put(first.root, 'deep/a.txt', 'kept');
  put(first.root, '.git/HEAD', 'ref');
  const checkpoint: Checkpoint = await numbered(makeCheckpoint, stage.blobs)(first.workspace, 3);
  const made = {
    type: 'checkpoint.made',
    data: { checkpoint },
    actor: { kind: 'factory' },
    runId: 'run_aaaaaaaaaaaaaaaa',
    seq: 1,
    at: '2026-01-01T00:00:00.000Z',
  };
  const log = { read: async () => [made as RunEvent] };
  const second = stage.open('b');
  await bring(second.workspace, { kind: 'checkpoint', runId: made.runId, checkpointId: 'ck-3' }, { log });
  expect(listTree(second.root)).toEqual(listTree(first.root));
  const missing = bring(second.workspace, { kind: 'checkpoint', runId: made.runId, checkpointId: 'ck-4' }, { log });
  await expect(missing).rejects.toMatchObject({ code: 'checkpoint_missing', message: expect.stringContaining('ck-4') });
});

describe('a git address', () => {
  test.each([
    'http://github.com/a/b',
    'git://github.com/a/b',
    'ssh://git@github.com/a/b',
    'file:///etc',
    'ext::sh -c touch% PWN',
    '--upload-pack=touch PWN',
    'https://user:secret@github.com/a/b',
    'https://github.com:8443/a/b',
    'https://localhost/a/b',
    'https://127.0.0.1/a/b',
    'https://2130706433/a/b',
    'https://0x7f.1/a/b',
    'https://[::1]/a/b',
    'https://①②⑦.⓪.⓪.①/a',
    'https://intranet/a/b',
  ])('is refused: %s', (url) => {
    expect(() => acceptSource({ kind: 'git', url })).toThrow(expect.objectContaining({ code: 'git_url_invalid' }));
  });

  test.each(['--output=/etc/x', '-b', 'a..b', 'a b', 'x.lock', 'main^', 'a//b', 'HEAD@{1}', '../x', 'a/', ''])(
    'is refused with the ref %j',
    (ref) => {
      expect(() => acceptSource({ kind: 'git', url: 'https://github.com/a/b', ref })).toThrow(
        expect.objectContaining({ code: 'git_ref_invalid' }),
      );
    },
  );

  test('never shows a password it was given', () => {
    expect(() => acceptSource({ kind: 'git', url: 'https://user:hunter2@github.com/a/b' })).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('hunter2') }),
    );
  });

  test('names the one host that the workspace needs', () => {
    expect(egressFor({ kind: 'git', url: 'https://GitHub.com./a/b.git', ref: 'main' })).toEqual(['github.com']);
    expect(egressFor({ kind: 'empty' })).toEqual([]);
  });
});

const missing = ['git', 'openssl'].filter((command) => spawnSync(command, ['version']).error);

describe.skipIf(missing.length > 0)(
  `a clone${missing.length > 0 ? ` (skipped: no ${missing.join(', ')})` : ''}`,
  () => {
    let folder: Stage;
    let server: GitServer;
    let first: string;
    beforeAll(async () => {
      folder = new Stage();
      first = makeRepository(folder.directory, 'project');
      server = await serveGit(folder.directory);
    });
    afterAll(async () => {
      await server.close();
      folder.dispose();
    });

    /** A workspace whose git finds our server behind a public name. */
    function open(name: string): { readonly root: string; readonly workspace: Workspace } {
      const root = join(stage.directory, name);
      mkdirSync(root);
      const env = {
        GIT_SSL_CAINFO: server.certificate,
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_CONFIG_COUNT: '1',
        GIT_CONFIG_KEY_0: `url.${server.url}.insteadOf`,
        GIT_CONFIG_VALUE_0: 'https://git.example.org/',
        no_proxy: '*',
      };
      const workspace = openFolderWorkspace(root, name);
      return {
        root,
        workspace: { ...workspace, exec: (spec) => workspace.exec({ ...spec, env: { ...env, ...spec.env } }) },
      };
    }
    const source = (name: string, ref?: string): Source => ({
      kind: 'git',
      url: `https://git.example.org/${name}`,
      ...(ref === undefined ? {} : { ref }),
    });
    const read = (root: string): string => readFileSync(join(root, 'a.txt')).toString();

    test('brings the default branch, with its history', async () => {
      const { root, workspace } = open('main');
      await bring(workspace, source('project.git'));
      expect(read(root)).toBe('two');
      expect(listTree(root).some(({ path }) => path === '.git/HEAD')).toBe(true);
    });

    test('brings a branch, a tag or a commit', async () => {
      const branch = open('branch');
      await bring(branch.workspace, source('project.git', 'feature/x'));
      expect(listTree(branch.root).some(({ path }) => path === 'b.txt')).toBe(true);
      for (const ref of ['v1', first, first.slice(0, 8)]) {
        const other = open(`at-${ref}`);
        expect(await bring(other.workspace, source('project.git', ref))).toBe(first);
        expect(read(other.root)).toBe('one');
      }
    });

    test.each([
      ['project.git', 'no-such-branch', 'git_ref_missing'],
      ['project.git', 'abcdef1234567', 'git_ref_missing'],
      ['nothing.git', undefined, 'git_missing'],
      ['private.git', undefined, 'git_private'],
    ])('of %s at %s says %s', async (name, ref, code) => {
      await expect(bring(open('x').workspace, source(name, ref))).rejects.toMatchObject({
        code,
        message: expect.stringContaining(name),
      });
    });

    const place = (fetch: SourcePlace['fetch']): Partial<Parameters<typeof importSource>[0]> => ({
      places: [{ has: (url) => url.startsWith('https://git.example.org/'), fetch }],
      directory: stage.directory,
    });

    test('that the server fetches itself is laid down as a clone would be, and reaches nothing', async () => {
      const path = join(folder.directory, 'main.bundle');
      const cwd = join(folder.directory, 'project.git');
      spawnSync('git', ['bundle', 'create', path, '--all'], { cwd });
      const commit = spawnSync('git', ['rev-parse', 'main'], { cwd }).stdout.toString().trim();
      for (const branch of ['main', null]) {
        const { root, workspace } = stage.open(`fetched-${branch}`);
        const fetched = { bundle: { path, commit: branch === null ? first : commit }, branch };
        const brought = await bring(
          workspace,
          source('private.git'),
          place(async () => fetched),
        );
        expect([brought, read(root)]).toEqual(branch === null ? [first, 'one'] : [commit, 'two']);
        const status = spawnSync('git', ['status', '--porcelain'], { cwd: root }).stdout.toString();
        expect(status).toBe('');
        expect(listTree(root).some(({ path: name }) => name.endsWith('.bundle'))).toBe(false);
      }
      const empty = stage.open('empty');
      expect(
        await bring(
          empty.workspace,
          source('private.git'),
          place(async () => ({ bundle: null, branch: null })),
        ),
      ).toBe(null);
    });

    test('that the server may not see is asked for as anybody would', async () => {
      const refused = place(() =>
        Promise.reject(new DomainError('github_missing', 'not-found', { message: 'not there' })),
      );
      const { root, workspace } = open('public');
      await bring(workspace, source('project.git'), refused);
      expect(read(root)).toBe('two');
      await expect(bring(open('x').workspace, source('nothing.git'), refused)).rejects.toMatchObject({
        code: 'github_missing',
      });
      const away = place(() =>
        Promise.reject(new DomainError('github_unreachable', 'unavailable', { message: 'away' })),
      );
      await expect(bring(open('y').workspace, source('project.git'), away)).rejects.toMatchObject({
        code: 'github_unreachable',
      });
    });

    test('of a host that is not there says so', async () => {
      const elsewhere = bring(open('x').workspace, {
        kind: 'git',
        url: 'https://no-such-host.invalid.example.invalid/a',
      });
      await expect(elsewhere).rejects.toMatchObject({ code: 'git_unreachable' });
    });
  },
);
