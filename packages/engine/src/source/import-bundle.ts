import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { DomainError, type FetchedSource, type Workspace } from '@devfactory/kit';

const timeoutMs = 600_000;
const partBytes = 1024 * 1024;
const name = '.devfactory-source.bundle';

/** No other protocol than files, whatever a repository's own settings name. */
const env = {
  GIT_ALLOW_PROTOCOL: 'file',
  GIT_TERMINAL_PROMPT: '0',
  GIT_LFS_SKIP_SMUDGE: '1',
  GIT_CONFIG_NOSYSTEM: '1',
  LC_ALL: 'C',
};

/**
 * Lays what the host fetched into an empty workspace, as a clone of `url` would: git checks it out inside the sandbox. Gives the commit
 * that lies there now, null for a repository without any. Throws git_failed.
 */
export async function importBundle(
  workspace: Workspace,
  { fetched, url }: { readonly fetched: FetchedSource; readonly url: string },
): Promise<string | null> {
  const { bundle, branch } = fetched;
  await git(workspace, ['init', '--quiet', ...(branch === null ? [] : [`--initial-branch=${branch}`])]);
  await git(workspace, ['remote', 'add', 'origin', url]);
  if (bundle === null) return null;
  await put(workspace, bundle.path);
  await git(workspace, ['fetch', '--quiet', name, '+refs/heads/*:refs/remotes/origin/*', '+refs/tags/*:refs/tags/*']);
  await workspace.files.remove(name);
  const where =
    branch === null ? ['--detach', bundle.commit] : ['-B', branch, '--track', `refs/remotes/origin/${branch}`];
  await git(workspace, ['checkout', '--quiet', ...where, '--']);
  return bundle.commit;
}

async function put(workspace: Workspace, path: string): Promise<void> {
  const file = { path: name, raw: false };
  if (!workspace.files.writePart) return workspace.files.write(name, await readFile(path));
  await workspace.files.write(name, new Uint8Array());
  let offset = 0;
  const parts: AsyncIterable<Buffer> = createReadStream(path, { highWaterMark: partBytes });
  for await (const bytes of parts) {
    await workspace.files.writePart?.(file, { offset, bytes, mtimeMs: null });
    offset += bytes.length;
  }
}

async function git(workspace: Workspace, args: readonly string[]): Promise<void> {
  const argv = ['git', '-c', 'core.hooksPath=/dev/null', '-c', 'advice.detachedHead=false', ...args];
  const { exitCode, stderr } = await workspace.exec({ argv, env, timeoutMs });
  if (exitCode === 0) return;
  throw new DomainError('git_failed', 'invalid', {
    message: `What was fetched could not be laid into the workspace: ${stderr.trim().slice(-500)}`,
  });
}
