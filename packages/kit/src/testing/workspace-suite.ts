import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Workspace, WorkspaceDriver, WorkspaceSpec } from '../workspace.ts';
import { shell, Workspaces } from './workspace-stage.ts';
import { commandTests } from './workspace-suite-commands.ts';
import { fileTests } from './workspace-suite-files.ts';
import { terminalTests } from './workspace-suite-terminals.ts';

export interface WorkspaceDriverUnderTest {
  readonly driver: WorkspaceDriver;
  /** Removes everything that the driver made. */
  dispose(): Promise<void>;
}

/** The contract of a workspace driver, on real sandboxes. A driver is done when its test calls this and passes. */
export function workspaceDriverSuite(name: string, make: () => Promise<WorkspaceDriverUnderTest>): void {
  describe(`${name} keeps the contract of a workspace driver`, () => {
    let subject: WorkspaceDriverUnderTest;
    let workspaces: Workspaces;
    let shared: Workspace;
    beforeAll(async () => {
      subject = await make();
      workspaces = new Workspaces(subject.driver);
      shared = await workspaces.open('suite-shared');
    });
    afterAll(async () => {
      await workspaces.closeAll();
      await subject.dispose();
    });

    lifeTests(() => workspaces);
    commandTests(() => shared);
    terminalTests(() => shared);
    fileTests(
      () => shared,
      () => workspaces,
    );
    mountTests(() => workspaces);
  });
}

function lifeTests(workspaces: () => Workspaces): void {
  test('the probe says what was found', async () => {
    const report = await workspaces().driver.probe();
    expect(report).toMatchObject({ usable: true, fix: '' });
    expect(report.found).not.toBe('');
  });

  test('a workspace that is opened again has the same files', async () => {
    const first = await workspaces().open('suite-again');
    await first.files.write('kept.txt', Buffer.from('kept'));
    await shell(first, 'echo home > ~/kept');
    await first.close();
    const second = await workspaces().open('suite-again');
    expect(await shell(second, 'cat kept.txt ~/kept')).toBe('kepthome\n');
    expect(await workspaces().driver.list()).toContain('suite-again');
  });

  test('a workspace is opened once at a time', async () => {
    await workspaces().open('suite-once');
    await expect(workspaces().open('suite-once')).rejects.toMatchObject({ code: 'workspace_busy' });
    await expect(workspaces().driver.remove('suite-once')).rejects.toMatchObject({ code: 'workspace_busy' });
  });

  test('removing takes the files away, and may be asked for what is not there', async () => {
    const workspace = await workspaces().open('suite-removed');
    await shell(workspace, 'mkdir -p a/b && echo x > a/b/c && chmod 555 a/b a');
    await workspace.close();
    await workspaces().driver.remove('suite-removed');
    expect(await workspaces().driver.list()).not.toContain('suite-removed');
    await workspaces().driver.remove('suite-removed');
    const fresh = await workspaces().open('suite-removed');
    expect((await fresh.files.walk()).entries).toEqual([]);
  });

  test('an id that could leave the place of workspaces is refused', async () => {
    for (const id of ['../x', 'a/b', '', 'UPPER', '.', 'a'.repeat(61)]) {
      await expect(workspaces().open(id)).rejects.toMatchObject({ kind: 'invalid' });
    }
  });

  test('after close every call says that the workspace is gone, and close may be called again', async () => {
    const workspace = await workspaces().open('suite-closed');
    await workspace.close();
    await workspace.close();
    const gone = { name: 'DomainError', code: 'workspace_gone' };
    await expect(workspace.exec({ argv: ['true'], timeoutMs: 1_000 })).rejects.toMatchObject(gone);
    await expect(workspace.start({ argv: ['true'], timeoutMs: 1_000 })).rejects.toMatchObject(gone);
    await expect(workspace.files.read('x')).rejects.toMatchObject(gone);
    await expect(workspace.files.walk()).rejects.toMatchObject(gone);
    await expect(workspace.ports()).rejects.toMatchObject(gone);
    await expect(workspace.connect(1)).rejects.toMatchObject(gone);
  });

  test('when its supervisor is killed from inside, the workspace says so and can be opened again', async () => {
    const workspace = await workspaces().open('suite-gone');
    const waiting = workspace.exec({ argv: ['sh', '-c', 'kill -9 $PPID; sleep 60'], timeoutMs: 60_000 });
    await expect(waiting).rejects.toMatchObject({ code: 'workspace_gone' });
    expect(await workspace.gone).toMatch(/\w+ \w+/);
    const again = await workspaces().open('suite-gone');
    expect(await shell(again, 'echo up')).toBe('up\n');
  });
}

function mountTests(workspaces: () => Workspaces): void {
  test("a closed workspace's folder can be seen in another one, and only seen", async () => {
    const source = await workspaces().open('suite-source');
    await shell(source, 'mkdir -p deps/lib && echo code > deps/lib/x && chmod 750 deps && ln -s deps link');
    const spec = (path: string, at: string): Partial<WorkspaceSpec> => ({
      mounts: [{ workspace: 'suite-source', path, at }],
    });
    await expect(workspaces().open('suite-sight', spec('deps', '/mnt/deps'))).rejects.toMatchObject({
      code: 'workspace_busy',
    });
    await source.close();
    const sight = await workspaces().open('suite-sight', spec('deps', '/workspace/deps'));
    expect(await shell(sight, 'cat deps/lib/x; touch deps/y 2>/dev/null || echo refused')).toBe('code\nrefused\n');
    expect(await sight.files.walk()).toMatchObject({ entries: [], leftOut: ['deps'] });
    await sight.close();
    const mounts = [{ workspace: 'suite-source', path: 'deps', at: '/workspace/deps', scratch: ['lib', 'none'] }];
    const scratch = await workspaces().open('suite-sight', { mounts });
    const tries =
      'ls deps/lib; echo made > deps/lib/x && cat deps/lib/x; touch deps/y deps/none/y 2>/dev/null || echo refused';
    expect(await shell(scratch, tries)).toBe('made\nrefused\n');
    expect(await scratch.files.walk()).toMatchObject({ entries: [], leftOut: ['deps'] });
    await scratch.close();
    const after = await workspaces().open('suite-sight', { mounts });
    expect(await shell(after, 'ls deps/lib')).toBe('');
    await after.close();
    const odd = { workspace: 'suite-source', path: '.', at: '/mnt/deps', scratch: ['link'] };
    for (const path of ['link', '../suite-sight', '/etc'])
      await expect(workspaces().open('suite-sight', { mounts: [{ ...odd, scratch: [path] }] })).rejects.toMatchObject({
        kind: 'invalid',
      });
    const untouched = await workspaces().open('suite-source');
    expect(await shell(untouched, 'cat deps/lib/x')).toBe('code\n');
    await untouched.close();
    for (const [path, at] of [
      ['link', '/mnt/x'],
      ['deps/lib/x', '/mnt/x'],
      ['../suite-sight', '/mnt/x'],
      ['/etc', '/mnt/x'],
      ['missing', '/mnt/x'],
      ['deps', '/etc/x'],
      ['deps', '/workspace'],
      ['deps', '/mnt/../etc'],
    ] as const) {
      await expect(workspaces().open('suite-sight', spec(path, at))).rejects.toMatchObject({
        kind: 'invalid',
      });
    }
  });

  test('a place for a mount that is a symlink is refused', async () => {
    const source = await workspaces().open('suite-source-2');
    await shell(source, 'mkdir deps');
    await source.close();
    const target = await workspaces().open('suite-linked');
    await shell(target, 'ln -s /etc deps');
    await target.close();
    const mounts = [{ workspace: 'suite-source-2', path: 'deps', at: '/workspace/deps/x' }];
    await expect(workspaces().open('suite-linked', { mounts })).rejects.toMatchObject({ kind: 'invalid' });
  });
}
