import { createHash } from 'node:crypto';
import { canonicalJson } from '@devfactory/contracts';
import {
  DomainError,
  type ExecResult,
  type RestoreEntry,
  type Toolchain,
  type Workspace,
  type WorkspaceMount,
} from '@devfactory/kit';
import type { Recognised } from '../../projects/detect-projects.ts';
import { commandLine, tail } from '../log.ts';
import { failed, inconclusive, type Outcome } from '../outcome.ts';
import { foldersOf } from '../sandbox/folders.ts';
import { dependenciesId } from '../sandbox/sandboxes.ts';
import { openForOthers, own, type Verifying } from '../sandbox/verifying.ts';
import { groundworkMounts } from './groundwork.ts';
import { readSource } from './source-view.ts';

type Installed =
  | { readonly status: 'installed'; readonly mounts: readonly WorkspaceMount[] }
  | { readonly status: 'failed'; readonly outcome: Outcome };

interface Installation {
  readonly recognised: readonly Recognised[];
  readonly tell: (text: string) => void;
}

/** Written last, so that a folder without it is one whose installation was cut short. */
const doneMark = '.devfactory-installed';
const manifestBytes = 32 * 1024 * 1024;

/**
 * Phase 1. Installs into a folder of the verifier's own that holds the manifests and no project code. The same manifests of the same
 * run find it again: its name is their digest, and nothing but this function ever writes there.
 */
export async function installDependencies(
  verifying: Verifying,
  { recognised, tell }: Installation,
): Promise<Installed> {
  const installing = recognised.filter(({ project }) => project.install.length > 0);
  if (installing.length === 0) return { status: 'installed', mounts: [] };
  const manifests = await manifestEntries(verifying, installing);
  const id = dependenciesId(verifying.request.runId, digestOf(installing, manifests));
  const paths = [...new Set(installing.flatMap(({ project }) => project.dependencyPaths))];
  const scratch = [...new Set(installing.flatMap(({ project }) => project.scratchPaths ?? []))];
  const mounts = paths.map((path) => ({
    workspace: id,
    path,
    at: `/workspace/${path}`,
    scratch: scratch.filter((each) => each.startsWith(`${path}/`)).map((each) => each.slice(path.length + 1)),
  }));
  const { sandboxes, deps } = verifying;

  const hosts = [...new Set(installing.flatMap(({ project }) => project.registryHosts))];
  let workspace = await sandboxes.reopen(id, { egress: hosts });
  if (await isDone(workspace)) {
    tell('Dependencies: as installed before from the same manifests.');
    await sandboxes.close(id);
    return { status: 'installed', mounts };
  }
  // What an installation left that was cut short is not built upon.
  await sandboxes.remove(id);
  const ground = await groundworkMounts(
    deps.driver,
    installing.map(({ toolchain }) => toolchain),
  );
  workspace = await sandboxes.reopen(id, { egress: hosts, mounts: ground });
  await workspace.files.putMany([...foldersOf(manifests), ...manifests]);
  const folders = installing.map(({ folder }) => folder).filter((folder) => folder !== '');
  if (folders.length > 0) await own(workspace, ['mkdir', '-p', '--', ...folders]);
  const trouble = await runInstalls(workspace, { recognised: installing, tell }, verifying.signal);
  if (trouble) {
    await sandboxes.close(id);
    await deps.driver.remove(id);
    return { status: 'failed', outcome: trouble };
  }
  await own(workspace, ['mkdir', '-p', '--', ...paths, ...scratch]);
  await openForOthers(workspace, []);
  await workspace.files.write(doneMark, new Uint8Array());
  await sandboxes.close(id);
  return { status: 'installed', mounts };
}

async function runInstalls(
  workspace: Workspace,
  { recognised, tell }: Installation,
  signal: AbortSignal,
): Promise<Outcome | null> {
  for (const { toolchain, project } of recognised) {
    for (const command of project.install) {
      const result = await workspace.exec(command, signal);
      tell(`$ ${commandLine(command.argv)}\n${tail(result, 20_000)}`);
      if (result.exitCode !== 0) return notInstalled(toolchain, commandLine(command.argv), result);
    }
  }
  return null;
}

function notInstalled(toolchain: Toolchain, command: string, result: ExecResult): Outcome {
  const said = `${result.stdout}\n${result.stderr}`;
  const outdated = toolchain.outdated?.(said) ?? null;
  if (outdated !== null)
    return inconclusive({ command, exitCode: result.exitCode, excerpt: `${outdated}\n${tail(result, 1000)}` });
  if (toolchain.unreachable(said) || result.timedOut) {
    const excerpt = `The package registry could not be reached, so nothing could be checked. Look at this machine's network or proxy and verify again.\n${tail(result, 1000)}`;
    return inconclusive({ command, exitCode: result.exitCode, excerpt });
  }
  return failed('absent', {
    command,
    exitCode: result.exitCode,
    excerpt: `Dependencies could not be installed.\n${tail(result)}`,
  });
}

async function manifestEntries(
  { tree }: Verifying,
  recognised: readonly Recognised[],
): Promise<(RestoreEntry & { type: 'file' })[]> {
  const paths = [...new Set(recognised.flatMap(({ project }) => project.manifests))].toSorted();
  const entries = await Promise.all(
    paths.map(async (path) => {
      const bytes = await readSource(tree, { path, maxBytes: manifestBytes });
      return bytes === null ? [] : [{ type: 'file' as const, path, raw: false, mode: 0o644, bytes, mtimeMs: null }];
    }),
  );
  return entries.flat();
}

function digestOf(recognised: readonly Recognised[], manifests: readonly (RestoreEntry & { type: 'file' })[]): string {
  const hash = createHash('sha256');
  hash.update(
    canonicalJson(
      recognised.map(({ toolchain, project: { install, dependencyPaths, scratchPaths = [] } }) => [
        toolchain.id,
        install,
        dependencyPaths,
        scratchPaths,
      ]),
    ),
  );
  for (const { path, bytes } of manifests) hash.update(`\0${path}\0${bytes.length}\0`).update(bytes);
  return hash.digest('hex');
}

async function isDone(workspace: Workspace): Promise<boolean> {
  try {
    await workspace.files.read(doneMark);
    return true;
  } catch (error) {
    if (error instanceof DomainError && error.code === 'file_missing') return false;
    throw error;
  }
}
