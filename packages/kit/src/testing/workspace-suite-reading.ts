import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Workspace, WorkspaceFiles } from '../workspace.ts';
import { shell } from './workspace-stage.ts';

const text = async (files: WorkspaceFiles, path: string): Promise<string> =>
  Buffer.from(await files.read(path)).toString();

/** What every driver promises of files that are read and written one by one. */
export function readAndWriteTests(shared: () => Workspace): void {
  test('what is written can be read, with folders made and the mode kept', async () => {
    const { files } = shared();
    await files.write('rw/deep/er/file', Buffer.from('one'));
    await shell(shared(), 'chmod 751 rw/deep/er/file');
    await files.write('rw/deep/er/file', Buffer.from('two'));
    expect(await text(files, 'rw/deep/er/file')).toBe('two');
    expect(await files.list('rw/deep/er')).toEqual([
      expect.objectContaining({ path: 'rw/deep/er/file', type: 'file', mode: 0o751, size: 3 }),
    ]);
    await files.write('rw/script', Buffer.from('#!/bin/sh\necho ran\n'), { mode: 0o755 });
    expect(await shell(shared(), 'rw/script; stat -c %a rw/script')).toBe('ran\n755\n');
    const large = Buffer.alloc(5_000_000, 'abcdefg');
    await files.write('rw/large', large);
    expect(Buffer.compare(await files.read('rw/large'), large)).toBe(0);
  });

  test('a write on condition replaces only what its writer saw, and of many at once one', async () => {
    const { files } = shared();
    const digest = (content: string): string => createHash('sha256').update(content).digest('hex');
    await files.write('condition/a', Buffer.from('one'), { expected: null });
    const taken = { code: 'file_changed', kind: 'conflict' };
    await expect(files.write('condition/a', Buffer.from('two'), { expected: null })).rejects.toMatchObject(taken);
    await expect(files.write('condition/b', Buffer.from('x'), { expected: digest('') })).rejects.toMatchObject(taken);
    const writes = Array.from({ length: 20 }, (_, n) =>
      files.write('condition/a', Buffer.from(`by ${n}`), { expected: digest('one') }),
    );
    const outcomes = await Promise.allSettled(writes);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const winner = outcomes.findIndex(({ status }) => status === 'fulfilled');
    expect(await text(files, 'condition/a')).toBe(`by ${winner}`);
    expect((await files.list('condition')).map(({ path }) => path)).toEqual(['condition/a']);
  });

  test('what cannot be read is refused by name', async () => {
    const { files } = shared();
    await shell(
      shared(),
      'mkdir -p odd; mkfifo odd/fifo; echo 0123456789 > odd/ten; echo x > odd/closed; chmod 000 odd/closed; truncate -s 100G odd/sparse || true',
    );
    await expect(files.read('odd/missing')).rejects.toMatchObject({ code: 'file_missing', kind: 'not-found' });
    await expect(files.read('odd/ten/x')).rejects.toMatchObject({ code: 'file_missing' });
    await expect(files.read('odd')).rejects.toMatchObject({ code: 'not_a_file' });
    await expect(files.read('odd/fifo')).rejects.toMatchObject({ code: 'not_a_file' });
    await expect(files.read('odd/closed')).rejects.toMatchObject({ code: 'file_unreadable' });
    await expect(files.read('odd/ten', { maxBytes: 10 })).rejects.toMatchObject({ code: 'too_large' });
    expect((await files.read('odd/ten', { maxBytes: 11 })).length).toBe(11);
    await expect(files.write('odd', Buffer.from('x'))).rejects.toMatchObject({ code: 'not_a_file' });
    await expect(files.write('odd/fifo', Buffer.from('x'))).rejects.toMatchObject({ code: 'not_a_file' });
  });

  test('remove takes files and whole folders, and what is not there', async () => {
    await shell(
      shared(),
      'mkdir -p gone/a/b; echo x > gone/a/b/c; chmod 500 gone/a/b; mkdir target; echo keep > target/kept; ln -s ../target gone/link',
    );
    await shared().files.remove('gone');
    await shared().files.remove('gone');
    expect(await shell(shared(), 'ls gone 2>/dev/null || echo nothing; cat target/kept')).toBe('nothing\nkeep\n');
    await expect(shared().files.remove('.')).rejects.toMatchObject({ code: 'path_invalid' });
  });
}

/** Nothing that lies in a workspace leads out of it. */
export function escapeTests(shared: () => Workspace): void {
  test('no path leads out of the workspace', async () => {
    const { files } = shared();
    for (const path of ['../x', '/etc/passwd', 'a/../../x', 'a//b', './a', 'a/', '', 'a\0b', 'a/./b']) {
      await expect(files.read(path)).rejects.toMatchObject({ code: 'path_invalid' });
      await expect(files.write(path, Buffer.from('x'))).rejects.toMatchObject({ code: 'path_invalid' });
      await expect(files.remove(path)).rejects.toMatchObject({ code: 'path_invalid' });
    }
  });

  test('symlinks are followed for reading inside only, and never for writing', async () => {
    const { files } = shared();
    await shell(
      shared(),
      'mkdir -p links/real; echo inside > links/real/file; ln -s real links/folder; ln -s folder/file links/chain; ln -s /workspace/links/real/file links/absolute',
    );
    await shell(
      shared(),
      'ln -s /etc links/etc; ln -s /etc/passwd links/passwd; ln -s ../../../etc/passwd links/up; ln -s b links/a; ln -s a links/b; ln -s /home/dev links/home',
    );
    for (const path of ['links/folder/file', 'links/chain', 'links/absolute'])
      expect(await text(files, path)).toBe('inside\n');
    for (const path of ['links/etc/passwd', 'links/passwd', 'links/up', 'links/home/x'])
      await expect(files.read(path)).rejects.toMatchObject({ code: 'path_escapes' });
    await expect(files.read('links/a')).rejects.toMatchObject({ code: 'symlink_refused' });
    await expect(files.list('links/etc')).rejects.toMatchObject({ code: 'path_escapes' });
    for (const path of ['links/chain', 'links/home/x', 'links/folder/new']) {
      await expect(files.write(path, Buffer.from('x'))).rejects.toMatchObject({ code: 'symlink_refused' });
    }
    await files.remove('links/folder');
    expect(await shell(shared(), 'cat links/real/file; ls ~')).toBe('inside\n');
  });

  test('a file that is swapped for a link while it is read never shows what the link points at', async () => {
    await shell(shared(), 'mkdir race; echo mine > race/file');
    const swapper = await shared().start({
      argv: [
        'bash',
        '-c',
        'cd race; echo up; while :; do ln -sf /etc/passwd l; mv -T l file; echo mine > f; mv -f f file; done',
      ],
      timeoutMs: 60_000,
    });
    await expect.poll(() => swapper.output()).toBe('up\n');
    for (let tries = 0; tries < 300; tries++) {
      const seen = await text(shared().files, 'race/file').catch((error: { code?: string }) => error.code);
      expect(['mine\n', '', 'path_escapes', 'symlink_refused', 'file_missing']).toContain(seen);
    }
    await swapper.kill();
  });
}
