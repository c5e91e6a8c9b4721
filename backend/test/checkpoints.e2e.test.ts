import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAzureBlobStore } from '@devfactory/blobs-azure';
import { createFileBlobStore } from '@devfactory/blobs-file';
import type { Checkpoint } from '@devfactory/contracts';
import { fillSource, makeCheckpoint, openSourceTree, restoreCheckpoint } from '@devfactory/engine';
import type { BlobStore, Workspace, WorkspaceDriver } from '@devfactory/kit';
import { startAzurite, startFaultyProxy } from '@devfactory/kit/testing';
import { createBwrapDriver } from '@devfactory/workspace-bwrap';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

const noSandbox = spawnSync('bwrap', ['--version']).status === 0 ? null : 'bubblewrap is not installed';
const limits = {
  memoryBytes: 1024 ** 3,
  processes: 100,
  cpus: 2,
  diskBytes: 1024 ** 3,
  files: 50_000,
  tmpBytes: 64 * 1024 ** 2,
};

/** Made inside of the sandbox, as an agent or a stranger's project would leave it. */
const oddFolder = String.raw`
set -e
printf 'a\r\nb\r\n' > crlf.txt
printf 'ignored\n*.log\n' > .gitignore
mkdir -p ignored nested/.git/objects src/deep 'space and
newline' empty/hole closed
echo secret > ignored/file; echo log > x.log
echo ref > nested/.git/HEAD; echo code > nested/code.js
echo 'int main;' > src/deep/a.c; : > src/nothing
echo '#!/bin/sh' > run.sh; chmod 751 run.sh
echo private > private; chmod 600 private
echo readonly > readonly; chmod 444 readonly
echo inside > closed/inside; chmod 555 closed
echo x > 'space and
newline/$file"'
echo raw > "$(printf 'raw-\377\376')"; mkdir "$(printf 'dir-\377')"; echo y > "$(printf 'dir-\377/y')"
echo notraw > 'base64:cmF3'
ln -s /etc/passwd outward; ln -s loop loop; ln -s nowhere dangling; ln -s src/deep inward
ln run.sh hardlink.sh
head -c 5000000 /dev/urandom > random.bin
truncate -s 40000000 sparse.bin
touch -d '2001-02-03 04:05:06.789' private
touch -d '2038-12-31' crlf.txt
chmod 1777 empty
`;
const specials =
  'mkfifo pipe; echo hidden > unreadable; chmod 000 unreadable; mkdir node_modules; echo {} > package.json; echo cached > node_modules/x';

describe.skipIf(noSandbox !== null)(
  `checkpoints of real sandboxes${noSandbox ? ` (skipped: ${noSandbox})` : ''}`,
  () => {
    let directory: string;
    let driver: WorkspaceDriver;
    let blobs: BlobStore;
    const opened: Workspace[] = [];

    beforeAll(() => {
      directory = mkdtempSync(join(tmpdir(), 'devfactory-checkpoints-'));
      chmodSync(directory, 0o711);
      driver = createBwrapDriver({ dataDir: directory });
      blobs = createFileBlobStore({ directory: join(directory, 'blobs') });
    });
    afterEach(async () => {
      for (const workspace of opened.splice(0)) {
        await workspace.close();
        await driver.remove(workspace.id);
      }
    });
    afterAll(() => {
      spawnSync('chmod', ['-R', 'u+rwx', directory]);
      rmSync(directory, { recursive: true });
    });

    async function open(id: string): Promise<Workspace> {
      const workspace = await driver.open({ id, limits, egress: [] });
      opened.push(workspace);
      return workspace;
    }

    async function run(workspace: Workspace, script: string): Promise<string> {
      const result = await workspace.exec({ argv: ['bash', '-c', script], timeoutMs: 60_000 });
      if (result.exitCode !== 0) throw new Error(`${script}\n${result.stdout}\n${result.stderr}`);
      return result.stdout;
    }

    /** Every path with kind, mode, link target and, for files, time and bytes, as seen inside. */
    function look(workspace: Workspace): Promise<string> {
      return run(
        workspace,
        String.raw`export LC_ALL=C; { find . -mindepth 1 -type f -printf '%P|f|%m|%.23T+|%s\n'; find . -mindepth 1 ! -type f -printf '%P|%y|%m|%l\n'; find . -type f -readable -print0 | sort -z | xargs -0 -r sha256sum; } | sort`,
      );
    }

    function keep(workspace: Workspace, number: number, previous: Checkpoint | null = null): Promise<Checkpoint> {
      return makeCheckpoint(
        { workspace, blobs },
        { id: `ck-${number}`, label: 'test', reason: 'step', step: number, previous },
      );
    }

    test('an odd folder comes back elsewhere, from blobs alone, with nothing different', async () => {
      const first = await open('odd');
      await run(first, oddFolder);
      const checkpoint = await keep(first, 0);
      expect(checkpoint).toMatchObject({ torn: false, leftOut: [] });
      const second = await open('elsewhere');
      // Another process: it knows nothing but the blobs.
      const fresh = createFileBlobStore({ directory: join(directory, 'blobs') });
      await restoreCheckpoint({ workspace: second, blobs: fresh }, { target: checkpoint, before: null });
      expect(await look(second)).toBe(await look(first));
      const again = await keep(second, 1);
      expect(again.tree).toBe(checkpoint.tree);
      await diffOnHost(first, second);
    });

    test('an odd folder comes back elsewhere from Azure through a bad network', async () => {
      const azurite = await startAzurite();
      const proxy = await startFaultyProxy(azurite.url, 3);
      proxy.rate = 0.2;
      const store = (): BlobStore =>
        createAzureBlobStore({
          access: {
            kind: 'connection-string',
            connectionString: azurite.connectionString(proxy.port),
            container: 'checkpoints',
          },
          spoolDirectory: directory,
          tries: 12,
          pauseMs: 1,
        });
      try {
        const first = await open('to-azure');
        await run(first, oddFolder);
        const checkpoint = await makeCheckpoint(
          { workspace: first, blobs: store() },
          { id: 'ck-azure', label: 'test', reason: 'step', step: 0, previous: null },
        );
        expect(checkpoint).toMatchObject({ torn: false, leftOut: [] });
        const second = await open('from-azure');
        await restoreCheckpoint({ workspace: second, blobs: store() }, { target: checkpoint, before: null });
        expect(await look(second)).toBe(await look(first));
        await diffOnHost(first, second);
        expect(proxy.injected.size).toBeGreaterThan(0);
      } finally {
        await proxy.stop();
        await azurite.stop();
      }
    }, 120_000);

    /** The question that everyone asks, in its own words, on the folders as the host has them. */
    async function diffOnHost(a: Workspace, b: Workspace): Promise<void> {
      const [left, right] = [a, b].map(({ id }) =>
        execFileSync('find', [join(directory, 'workspaces'), '-path', `*${id}*`, '-name', 'crlf.txt'])
          .toString()
          .trim()
          .replace(/\/crlf\.txt$/, ''),
      );
      expect(left).not.toBe('');
      expect(spawnSync('diff', ['-r', '--no-dereference', left!, right!]).stdout.toString()).toBe('');
    }

    test('special files, unreadable files and caches are named, left alone, and survive a restore', async () => {
      const workspace = await open('special');
      await run(workspace, `echo kept > kept; ${specials}`);
      const checkpoint = await keep(workspace, 0);
      expect(checkpoint.leftOut.toSorted()).toEqual([
        'node_modules',
        'pipe (FIFO, socket or device)',
        'unreadable (could not be read (EACCES))',
      ]);
      await run(workspace, 'echo changed > kept; echo new > new; mkdir folder; echo z > folder/z');
      const before = await keep(workspace, 1, checkpoint);
      expect(before.changed).toEqual({ added: 2, modified: 1, removed: 0 });
      await restoreCheckpoint({ workspace, blobs }, { target: checkpoint, before });
      expect(await run(workspace, 'ls; cat kept node_modules/x')).toBe(
        'kept\nnode_modules\npackage.json\npipe\nunreadable\nkept\ncached\n',
      );
      // And the way back again.
      await restoreCheckpoint({ workspace, blobs }, { target: before, before: checkpoint });
      expect(await run(workspace, 'cat kept new folder/z')).toBe('changed\nnew\nz\n');
    });

    test('closed folders open for a restore and are closed again', async () => {
      const workspace = await open('closed');
      await run(workspace, 'mkdir -p a/b; echo 1 > a/b/f; chmod 500 a/b a');
      const checkpoint = await keep(workspace, 0);
      const seen = await look(workspace);
      await run(workspace, 'chmod 700 a a/b; echo 2 > a/b/f; echo 3 > a/g; chmod 500 a/b a');
      const before = await keep(workspace, 1, checkpoint);
      await restoreCheckpoint({ workspace, blobs }, { target: checkpoint, before });
      expect(await look(workspace)).toBe(seen);
    });

    test('a verifier gets the source tree and nothing else', async () => {
      const workspace = await open('source');
      await run(workspace, `${oddFolder}\n${specials}; rm "$(printf 'raw-\\377\\376')"`);
      const checkpoint = await keep(workspace, 0);
      const verifier = await open('verifier');
      await fillSource({ workspace: verifier, blobs }, checkpoint);
      const tree = await openSourceTree(blobs, checkpoint);
      const paths = tree.entries.map(({ path }) => path);
      expect(paths).not.toEqual(expect.arrayContaining([expect.stringMatching(/\.git\/|ignored|\.log$|node_modules/)]));
      expect(await run(verifier, 'find . \\( -type f -o -type l \\) -printf x | wc -c')).toBe(`${paths.length}\n`);
      expect((await keep(verifier, 1)).tree).toBe(checkpoint.tree);
    });

    test('a next checkpoint of many files reads only what changed', async () => {
      const workspace = await open('many');
      await run(
        workspace,
        'for d in $(seq 50); do mkdir -p d$d; for f in $(seq 40); do echo "$d $f" > d$d/$f; done; done',
      );
      const first = await keep(workspace, 0);
      await run(workspace, 'echo changed > d7/7; rm d8/8; echo new > d9/new');
      const second = await keep(workspace, 1, first);
      expect(second.changed).toEqual({ added: 1, modified: 1, removed: 1 });
      // What came with it: one small pack, and a manifest that tells only what is different.
      expect(second.packs).toHaveLength(1);
      expect(await blobs.size(second.packs[0]!)).toBeLessThan(1000);
      expect(await blobs.size(second.manifest)).toBeLessThan(2000);
    });

    test('a file that changes all the time makes the checkpoint torn, not wrong or endless', async () => {
      const workspace = await open('busy');
      await run(workspace, 'echo calm > calm');
      const writer = await workspace.start({
        argv: ['bash', '-c', 'while :; do echo x >> busy.log; done'],
        timeoutMs: 60_000,
      });
      await run(workspace, 'until [ -s busy.log ]; do sleep 0.01; done');
      const checkpoint = await keep(workspace, 0);
      await writer.kill();
      const other = await open('after');
      await restoreCheckpoint({ workspace: other, blobs }, { target: checkpoint, before: null });
      expect(await run(other, 'cat calm; sort -u busy.log')).toBe('calm\nx\n');
    });
  },
);
