import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError, type FetchedSource, type SourcePlace } from '@devfactory/kit';
import { z } from 'zod';
import type { Door } from './access.ts';
import { explainPush } from './explain-git.ts';
import { Git, GitFailure } from './git.ts';
import { readSetUp } from './settings.ts';

/** Kilobytes, as GitHub tells them. More would fill the host's disk before any limit of a sandbox is met. */
const largestRepository = 2_000_000;
const Size = z.object({ size: z.int().min(0).optional() });

export interface SourceOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly door: Door;
  readonly retryMs?: number;
}

/** Repositories of the GitHub that the server is set up for. */
export function gitHubSources(options: SourceOptions): SourcePlace {
  return {
    has: (url) => repositoryOf(options.environment, url) !== null,
    fetch: (wish, signal) => fetchSource(options, wish, signal),
  };
}

/** OWNER/REPO; null for an address elsewhere, and where no GitHub is set up. */
function repositoryOf(environment: SourceOptions['environment'], url: string): string | null {
  try {
    const { web } = readSetUp(environment);
    if (!url.toLowerCase().startsWith(`${web.toLowerCase()}/`)) return null;
    const path = url
      .slice(web.length + 1)
      .replace(/\/$/, '')
      .replace(/\.git$/, '');
    return /^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/.test(path) ? path : null;
  } catch (error) {
    if (error instanceof DomainError) return null;
    throw error;
  }
}

async function fetchSource(
  { environment, door, retryMs = 500 }: SourceOptions,
  wish: Parameters<SourcePlace['fetch']>[0],
  signal: AbortSignal,
): Promise<FetchedSource> {
  const repository = repositoryOf(environment, wish.url);
  if (repository === null) throw new Error(`${wish.url} is not at this GitHub`);
  const { settings, redact, api } = await door.open({ repository, signal, retryMs });
  const { data } = await api.call({ method: 'GET', path: `/repos/${repository}`, schema: Size });
  if ((data.size ?? 0) > largestRepository)
    throw new DomainError('source_too_large', 'too-large', {
      message: `${repository} has ${Math.round((data.size ?? 0) / 1000)} MB with its history; at most ${largestRepository / 1000} MB are fetched. Begin a run with a ZIP of it.`,
    });
  const own = join(wish.directory, 'git');
  await mkdir(own);
  const git = await Git.create({ settings, redact, signal, directory: own });
  try {
    return await bundled(git, { ...wish, url: `${settings.web}/${repository}.git`, repository });
  } catch (error) {
    throw error instanceof GitFailure ? explainPush(error, { repository }) : error;
  }
}

async function bundled(
  git: Git,
  {
    url,
    ref,
    directory,
    repository,
  }: { readonly url: string; readonly ref: string | null; readonly directory: string; readonly repository: string },
): Promise<FetchedSource> {
  const there = await refsOf(git, url);
  if (there.refs.size === 0 && ref === null) return { bundle: null, branch: there.head };
  const name = ref ?? there.head ?? 'HEAD';
  const isBranch = there.refs.has(`refs/heads/${name}`);
  const isTag = !isBranch && there.refs.has(`refs/tags/${name}`);
  const wanted = isBranch
    ? `+refs/heads/${name}:refs/heads/${name}`
    : isTag
      ? `+refs/tags/${name}:refs/tags/${name}`
      : '+refs/heads/*:refs/heads/*';
  if (!isBranch && !isTag && !/^[0-9a-f]{7,40}$/.test(name)) throw missing(repository, name);
  // Tags that lead into it come along by themselves.
  await git.run(['fetch', '--quiet', url, wanted]);
  const commit = await commitOf(git, isBranch ? `refs/heads/${name}` : isTag ? `refs/tags/${name}` : name);
  if (commit === null) throw missing(repository, name);
  const path = join(directory, 'source.bundle');
  await git.run(['bundle', 'create', '--quiet', path, '--all']);
  return { bundle: { path, commit }, branch: isBranch ? name : null };
}

async function refsOf(
  git: Git,
  url: string,
): Promise<{ readonly head: string | null; readonly refs: ReadonlySet<string> }> {
  const lines = (await git.run(['ls-remote', '--symref', url])).split('\n');
  const head = lines
    .map((line) => /^ref: refs\/heads\/(\S+)\tHEAD$/.exec(line)?.[1])
    .find((name) => name !== undefined);
  return {
    head: head ?? null,
    refs: new Set(lines.flatMap((line) => /^[0-9a-f]{40}\t(refs\/\S+)$/.exec(line)?.[1] ?? [])),
  };
}

async function commitOf(git: Git, name: string): Promise<string | null> {
  try {
    return (await git.run(['rev-parse', '--verify', '--quiet', `${name}^{commit}`])).trim();
  } catch (error) {
    if (error instanceof GitFailure) return null;
    throw error;
  }
}

function missing(repository: string, name: string): DomainError {
  return new DomainError('git_ref_missing', 'invalid', {
    message: `${repository} has no branch, tag or commit "${name.slice(0, 200)}". Look up its name and try again.`,
  });
}
