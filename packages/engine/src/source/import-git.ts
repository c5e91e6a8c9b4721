import { GitCommit } from '@devfactory/contracts';
import { DomainError, type ErrorKind, type ExecResult, type Workspace } from '@devfactory/kit';
import type { GitAddress } from './git-address.ts';

const timeoutMs = 600_000;

/** No prompt to wait at, no other protocol whatever a repository or a redirect names, no large files behind pointers. */
const env = {
  GIT_ALLOW_PROTOCOL: 'https',
  GIT_TERMINAL_PROMPT: '0',
  GIT_LFS_SKIP_SMUDGE: '1',
  GIT_CONFIG_NOSYSTEM: '1',
  LC_ALL: 'C',
};
const quiet = ['-c', 'core.hooksPath=/dev/null', '-c', 'advice.detachedHead=false'];

/**
 * Clones into an empty workspace, inside its sandbox: what git does with a stranger's repository, it does behind the wall. The
 * workspace must have been opened with egress to `address.host`. Gives the commit that lies there now, null for a repository without
 * any. Throws git_* with what to do.
 */
export async function importGit(workspace: Workspace, address: GitAddress): Promise<string | null> {
  // A commit is no branch: it can only be checked out when everything is there.
  const isCommit = address.ref !== null && /^[0-9a-f]{7,64}$/.test(address.ref);
  const branch = address.ref === null || isCommit ? [] : ['--branch', address.ref];
  await git(workspace, address, [
    'clone',
    '--quiet',
    '--no-recurse-submodules',
    ...(isCommit ? ['--no-checkout'] : []),
    ...branch,
    '--',
    address.url,
    '.',
  ]);
  if (isCommit && address.ref !== null)
    await git(workspace, address, ['checkout', '--quiet', '--detach', address.ref, '--']);
  const { stdout } = await workspace.exec({ argv: ['git', ...quiet, 'rev-parse', 'HEAD'], env, timeoutMs });
  return GitCommit.safeParse(stdout.trim()).data ?? null;
}

async function git(workspace: Workspace, address: GitAddress, args: readonly string[]): Promise<void> {
  const result = await workspace.exec({ argv: ['git', ...quiet, ...args], env, timeoutMs });
  if (result.exitCode !== 0) throw explain(address, result);
}

interface Reason {
  readonly pattern: RegExp;
  readonly code: string;
  readonly kind: ErrorKind;
  say(address: GitAddress): string;
}

/** Git's words for what went wrong, most telling first. */
const reasons: readonly Reason[] = [
  {
    pattern:
      /Remote branch .* not found|did not match any|unable to read tree|reference is not a tree|invalid reference/i,
    code: 'git_ref_missing',
    kind: 'invalid',
    say: ({ url, ref }) => `${url} has no branch, tag or commit "${ref ?? 'HEAD'}". Look up its name and try again.`,
  },
  {
    pattern: /could not read Username|Authentication failed|terminal prompts disabled/i,
    code: 'git_private',
    kind: 'invalid',
    say: ({ url }) =>
      `${url} does not exist or is private. Private repositories cannot be cloned; upload the folder or a ZIP of it.`,
  },
  {
    pattern: /repository .* not found|returned error: 404/i,
    code: 'git_missing',
    kind: 'invalid',
    say: ({ url }) => `There is no repository at ${url}. Check its address.`,
  },
  {
    pattern: /No space left|Disk quota exceeded/i,
    code: 'disk_full',
    kind: 'too-large',
    say: ({ url }) => `${url} does not fit into the workspace's disk. Use a smaller repository or a larger limit.`,
  },
  {
    pattern: /certificate|SSL/i,
    code: 'git_tls',
    kind: 'unavailable',
    say: ({ host }) => `The certificate of ${host} is not trusted here. Install its CA certificate on this machine.`,
  },
  {
    pattern: /transport '.*' not allowed/i,
    code: 'git_url_invalid',
    kind: 'invalid',
    say: ({ url }) => `${url} leads to an address that is not https.`,
  },
  {
    pattern:
      /Could not resolve|Failed to connect|CONNECT tunnel failed|Connection (refused|reset|timed out)|Proxy|early EOF|returned error: 5/i,
    code: 'git_unreachable',
    kind: 'unavailable',
    say: ({ host }) =>
      `${host} could not be reached from the sandbox. Check the address and this machine's network, then try again.`,
  },
];

function explain(address: GitAddress, result: ExecResult): DomainError {
  const words = result.stderr.trim();
  const cause = new Error(words.slice(-2000) || `git ended with ${result.exitCode ?? result.signal}`);
  if (result.timedOut) {
    return new DomainError('git_timeout', 'unavailable', {
      message: `Cloning ${address.url} took longer than ${timeoutMs / 60_000} minutes. Upload a ZIP of it instead.`,
      cause,
    });
  }
  if (result.exitCode === 127 || /git: not found|No such file or directory.*git\b/.test(words)) {
    return new DomainError('git_not_installed', 'unavailable', {
      message: 'There is no git in the sandbox. Install it on this machine (apt-get install git), then try again.',
      cause,
    });
  }
  const reason = reasons.find(({ pattern }) => pattern.test(words));
  if (reason) return new DomainError(reason.code, reason.kind, { message: reason.say(address), cause });
  return new DomainError('git_failed', 'invalid', {
    message: `Cloning ${address.url} failed: ${words.slice(-500) || cause.message}`,
    cause,
  });
}
