import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DomainError,
  keepProof,
  setUpFrom,
  type ArrivedEntry,
  type Exporter,
  type ExportReceipt,
  type ExportRequest,
  type Heard,
  type MadeDelivery,
  type MergedBase,
} from '@devfactory/kit';
import { Door } from './access.ts';
import { arrivedBranch } from './arrived.ts';
import { gitHubAsks } from './asks.ts';
import { Git } from './git.ts';
import { PullRequest } from './github-api.ts';
import { heardAbout } from './heard.ts';
import { issuesOf } from './issues.ts';
import { mergeBase } from './merge-base.ts';
import { pullRequestBody, pullRequestTitle } from './pull-request-body.ts';
import { upsertPullRequest } from './pull-request.ts';
import { pushTree, readBack } from './push-tree.ts';
import { lookAt, lookOrMake, pushable } from './repository.ts';
import { readSetUp } from './settings.ts';
import { gitHubSources } from './sources.ts';
import { tellVerdicts } from './verdicts.ts';

export interface GitHubExporterOptions {
  /** Where DEVFACTORY_GITHUB_TOKEN and DEVFACTORY_GITHUB_API are read. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A folder of ours on the host; each delivery has one in it while it is made. */
  readonly directory: string;
  /** Milliseconds before the first repetition of a call that failed. */
  readonly retryMs?: number;
}

interface Opened extends GitHubExporterOptions {
  readonly door: Door;
}

/**
 * Delivers the tree as a draft pull request from the branch `devfactory/RUN`. It looks at the repository first and only ever adds to
 * that branch, so delivering again, after whatever end, updates the one pull request.
 */
export function createGitHubExporter(given: GitHubExporterOptions): Exporter {
  const options = { ...given, door: new Door(given.environment) };
  return {
    id: 'github',
    title: 'GitHub pull request',
    setUp: () => setUpFrom(() => readSetUp(options.environment).web),
    probe: (destination, signal) => probe(options, destination, signal),
    accept(destination) {
      if (destination.kind !== 'github')
        throw new DomainError('invalid_destination', 'invalid', {
          message: `The GitHub exporter does not deliver to "${destination.kind}".`,
        });
      readSetUp(options.environment);
    },
    deliver: (request, signal) => deliver(options, request, signal),
    arrived: (delivery, signal) => arrived(options, delivery, signal),
    heard: (delivery, signal) => heard(options, delivery, signal),
    merge: (wish, signal) => merge(options, wish, signal),
    sources: gitHubSources(options),
    asks: gitHubAsks(options),
    async issues(wish, signal) {
      const { api } = await options.door.open({ repository: wish.repository, signal, retryMs: options.retryMs ?? 500 });
      return issuesOf(api, wish);
    },
  };
}

async function deliver(
  { door, directory, retryMs = 500 }: Opened,
  request: ExportRequest,
  signal: AbortSignal,
): Promise<ExportReceipt> {
  const { destination } = request;
  if (destination.kind !== 'github') throw new Error(`not a GitHub destination: ${destination.kind}`);
  const opened = await door.open({ repository: destination.repository, signal, retryMs });
  const { settings, redact, api } = opened;
  const folder = await freshFolder(directory, `${request.runId}-${request.exportId}`);
  try {
    const home = await lookOrMake(api, destination);
    const pushTo = await pushable(api, home, { signal, retryMs });
    const place = {
      url: `${settings.web}/${home.full_name}.git`,
      pushUrl: `${settings.web}/${pushTo}.git`,
      repository: home.full_name,
      branch: `devfactory/${request.runId}`,
      base: destination.base ?? home.default_branch,
      mayWriteWorkflows: opened.mayWriteWorkflows ?? home.scopes?.includes('workflow') ?? null,
      signal,
      retryMs,
    };
    const parts = { settings, redact, signal };
    const pushed = await pushTree(await Git.create({ ...parts, directory: join(folder, 'push') }), place, request);
    await readBack(await Git.create({ ...parts, directory: join(folder, 'read-back') }), place, pushed);
    const body = pullRequestBody(request, pushed.tree);
    const number = await upsertPullRequest(api, {
      ...place,
      owner: pushTo.split('/')[0] ?? '',
      title: pullRequestTitle(request.name),
      body,
      commit: pushed.commit,
    });
    const { requirements } = request.proof.summary;
    const { repository } = place;
    const notes = await tellVerdicts(api, {
      repository,
      number,
      commit: pushed.commit,
      runId: request.runId,
      requirements,
      body,
    });
    return {
      location: `${settings.web}/${repository}/pull/${number}`,
      files: await keepProof(request),
      leftOut: [],
      notes,
      readBack: { from: `${settings.web}/${pushTo}/tree/${place.branch}`, hash: pushed.tree },
    };
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** What is said about the pull request. One at another GitHub than the server is set up for by now is silent. */
async function heard(
  { door, retryMs = 500 }: Opened,
  { destination, location }: Pick<MadeDelivery, 'destination' | 'location'>,
  signal: AbortSignal,
): Promise<Heard> {
  if (destination.kind !== 'github') throw new Error(`not a GitHub destination: ${destination.kind}`);
  const { settings, api } = await door.open({ repository: destination.repository, signal, retryMs });
  const number = Number(/\/pull\/(\d+)$/.exec(location)?.[1]);
  if (!location.startsWith(`${settings.web}/`) || !Number.isSafeInteger(number)) return { settled: null, words: [] };
  return heardAbout(api, destination.repository, number);
}

/** The branch that the pull request is for, merged into a tree. */
async function merge(
  { door, retryMs = 500 }: Opened,
  { destination, location, directory, tree }: Parameters<NonNullable<Exporter['merge']>>[0],
  signal: AbortSignal,
): Promise<MergedBase> {
  if (destination.kind !== 'github') throw new Error(`not a GitHub destination: ${destination.kind}`);
  const { repository } = destination;
  const access = await door.open({ repository, signal, retryMs });
  const number = Number(/\/pull\/(\d+)$/.exec(location)?.[1]);
  if (!location.startsWith(`${access.settings.web}/`) || !Number.isSafeInteger(number))
    throw new DomainError('github_moved', 'conflict', {
      message: 'The pull request is at another GitHub than the server is set up for now.',
    });
  return mergeBase(access, { repository, number, tree, directory, signal });
}

/** The head of the pull request, wherever that is, cloned anew. */
async function* arrived(
  { door, retryMs = 500 }: Opened,
  { destination, location, directory }: MadeDelivery,
  signal: AbortSignal,
): AsyncIterable<ArrivedEntry> {
  if (destination.kind !== 'github') throw new Error(`not a GitHub destination: ${destination.kind}`);
  const { settings, redact, api } = await door.open({ repository: destination.repository, signal, retryMs });
  const number = Number(/\/pull\/(\d+)$/.exec(location)?.[1]);
  const path = `/repos/${destination.repository}/pulls/${number}`;
  const { ref, repo } = (await api.call({ method: 'GET', path, schema: PullRequest })).data.head;
  if (!repo || ref === undefined)
    throw new DomainError('github_head_gone', 'conflict', { message: 'The branch of the pull request is gone.' });
  const git = await Git.create({ settings, redact, signal, directory });
  yield* arrivedBranch(git, {
    url: `${settings.web}/${repo.full_name}.git`,
    repository: repo.full_name,
    branch: ref,
    signal,
    retryMs,
  });
}

/** Looks at the repository and at what the token may do there, as a delivery does first. */
async function probe(
  { door, retryMs = 500 }: Opened,
  destination: ExportRequest['destination'],
  signal: AbortSignal,
): Promise<string> {
  if (destination.kind !== 'github') throw new Error(`not a GitHub destination: ${destination.kind}`);
  const { settings, api } = await door.open({ repository: destination.repository, signal, retryMs });
  try {
    const home = await lookAt(api, destination.repository);
    const base = destination.base ?? home.default_branch;
    const way =
      home.permissions?.push === false ? 'may only be read, so the branch would be in a fork' : 'may be pushed to';
    return `${settings.web}/${destination.repository} is there and ${way}; the pull request would be for ${base}.`;
  } catch (error) {
    const makes = destination.create !== undefined && error instanceof DomainError && error.code === 'github_missing';
    if (!makes) throw error;
    return `${settings.web}/${destination.repository} is not there; the delivery would try to make it.`;
  }
}

/** A folder that no git of a killed delivery still writes to. What such a one left behind goes. */
async function freshFolder(directory: string, delivery: string): Promise<string> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const prefix = `github-${delivery}-`;
  for (const name of await readdir(directory))
    // Where its git still writes, the next delivery removes it.
    if (name.startsWith(prefix))
      await rm(join(directory, name), { recursive: true, force: true }).catch(() => undefined);
  const folder = await mkdtemp(join(directory, prefix));
  await mkdir(join(folder, 'push'));
  await mkdir(join(folder, 'read-back'));
  return folder;
}
