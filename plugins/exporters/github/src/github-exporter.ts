import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DomainError,
  keepProof,
  redactor,
  setUpFrom,
  type ArrivedEntry,
  type Exporter,
  type ExportReceipt,
  type ExportRequest,
  type MadeDelivery,
} from '@devfactory/kit';
import { z } from 'zod';
import { arrivedBranch } from './arrived.ts';
import { Git } from './git.ts';
import { GitHubApi } from './github-api.ts';
import { pullRequestBody, pullRequestTitle } from './pull-request-body.ts';
import { upsertPullRequest } from './pull-request.ts';
import { pushTree, readBack } from './push-tree.ts';
import { readSettings } from './settings.ts';

export interface GitHubExporterOptions {
  /** Where DEVFACTORY_GITHUB_TOKEN and DEVFACTORY_GITHUB_API are read. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A folder of ours on the host; each delivery has one in it while it is made. */
  readonly directory: string;
  /** Milliseconds before the first repetition of a call that failed. */
  readonly retryMs?: number;
}

const Repository = z.object({
  full_name: z.string(),
  default_branch: z.string().min(1),
  archived: z.boolean().optional(),
  permissions: z.object({ push: z.boolean() }).optional(),
});

/**
 * Delivers the tree as a draft pull request from the branch `devfactory/RUN`. It looks at the repository first and only ever adds to
 * that branch, so delivering again, after whatever end, updates the one pull request.
 */
export function createGitHubExporter(options: GitHubExporterOptions): Exporter {
  return {
    id: 'github',
    title: 'GitHub pull request',
    setUp: () => setUpFrom(() => readSettings(options.environment).web),
    probe: (destination, signal) => probe(options, destination, signal),
    accept(destination) {
      if (destination.kind !== 'github')
        throw new DomainError('invalid_destination', 'invalid', {
          message: `The GitHub exporter does not deliver to "${destination.kind}".`,
        });
      readSettings(options.environment);
    },
    deliver: (request, signal) => deliver(options, request, signal),
    arrived: (delivery, signal) => arrived(options, delivery, signal),
  };
}

async function deliver(
  { environment, directory, retryMs = 500 }: GitHubExporterOptions,
  request: ExportRequest,
  signal: AbortSignal,
): Promise<ExportReceipt> {
  const { destination } = request;
  if (destination.kind !== 'github') throw new Error(`not a GitHub destination: ${destination.kind}`);
  const settings = readSettings(environment);
  const basic = Buffer.from(`x-access-token:${settings.token}`).toString('base64');
  const redact = redactor([settings.token, basic]);
  const folder = await freshFolder(directory, request.exportId);
  try {
    const api = new GitHubApi({ settings, redact, signal, retryMs });
    const { data: repository, headers } = await api.call({
      method: 'GET',
      path: `/repos/${destination.repository}`,
      schema: Repository,
    });
    requireWritable(repository, destination.repository);
    const scopes =
      headers
        .get('x-oauth-scopes')
        ?.split(',')
        .map((scope) => scope.trim()) ?? null;
    const place = {
      url: `${settings.web}/${destination.repository}.git`,
      repository: destination.repository,
      branch: `devfactory/${request.runId}`,
      base: destination.base ?? repository.default_branch,
      mayWriteWorkflows: scopes === null ? null : scopes.includes('workflow'),
      signal,
      retryMs,
    };
    const parts = { settings, redact, signal };
    const pushed = await pushTree(await Git.create({ ...parts, directory: join(folder, 'push') }), place, request);
    await readBack(await Git.create({ ...parts, directory: join(folder, 'read-back') }), place, pushed);
    const number = await upsertPullRequest(api, {
      ...place,
      title: pullRequestTitle(request.name),
      body: pullRequestBody(request, pushed.tree),
      commit: pushed.commit,
    });
    return {
      location: `${settings.web}/${destination.repository}/pull/${number}`,
      files: await keepProof(request),
      leftOut: [],
      readBack: { from: `${settings.web}/${destination.repository}/tree/${place.branch}`, hash: pushed.tree },
    };
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The head of the pull request, cloned anew. */
async function* arrived(
  { environment, retryMs = 500 }: GitHubExporterOptions,
  { destination, runId, directory }: MadeDelivery,
  signal: AbortSignal,
): AsyncIterable<ArrivedEntry> {
  if (destination.kind !== 'github') throw new Error(`not a GitHub destination: ${destination.kind}`);
  const settings = readSettings(environment);
  const basic = Buffer.from(`x-access-token:${settings.token}`).toString('base64');
  const git = await Git.create({ settings, redact: redactor([settings.token, basic]), signal, directory });
  yield* arrivedBranch(git, {
    url: `${settings.web}/${destination.repository}.git`,
    repository: destination.repository,
    branch: `devfactory/${runId}`,
    signal,
    retryMs,
  });
}

/** Looks at the repository and at what the token may do there, as a delivery does first. */
async function probe(
  { environment, retryMs = 500 }: GitHubExporterOptions,
  destination: ExportRequest['destination'],
  signal: AbortSignal,
): Promise<string> {
  if (destination.kind !== 'github') throw new Error(`not a GitHub destination: ${destination.kind}`);
  const settings = readSettings(environment);
  const api = new GitHubApi({ settings, redact: redactor([settings.token]), signal, retryMs });
  const path = `/repos/${destination.repository}`;
  const { data } = await api.call({ method: 'GET', path, schema: Repository });
  requireWritable(data, destination.repository);
  const base = destination.base ?? data.default_branch;
  return `${settings.web}/${destination.repository} is there and may be pushed to; the pull request would be for ${base}.`;
}

/** A folder that no git of a killed delivery still writes to. What such a one left behind goes. */
async function freshFolder(directory: string, exportId: string): Promise<string> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const prefix = `github-${exportId}-`;
  for (const name of await readdir(directory))
    // Where its git still writes, the next delivery removes it.
    if (name.startsWith(prefix))
      await rm(join(directory, name), { recursive: true, force: true }).catch(() => undefined);
  const folder = await mkdtemp(join(directory, prefix));
  await mkdir(join(folder, 'push'));
  await mkdir(join(folder, 'read-back'));
  return folder;
}

function requireWritable(repository: z.infer<typeof Repository>, wanted: string): void {
  if (repository.full_name.toLowerCase() !== wanted.toLowerCase())
    throw new DomainError('github_moved', 'conflict', {
      message: `${wanted} has moved. Deliver to its new OWNER/REPO.`,
    });
  if (repository.archived)
    throw new DomainError('github_archived', 'conflict', {
      message: `${wanted} is archived, so nothing can be pushed. Unarchive it, or deliver elsewhere.`,
    });
  if (repository.permissions && !repository.permissions.push)
    throw new DomainError('github_forbidden', 'forbidden', {
      message: `The token may read ${wanted} but not push to it. Use one with write access to contents and pull requests, or deliver to a fork of yours.`,
    });
}
