import {
  DomainError,
  type Command,
  type ExecResult,
  readAnyProjectFile,
  type ServiceName,
  type Toolchain,
  type Workspace,
  type WorkspaceMount,
} from '@devfactory/kit';
import { fillSource, fillTree } from '../../checkpoints/index.ts';
import { detectProjects, projectsInUse, type Recognised, type TestsOf } from '../../projects/detect-projects.ts';
import { folderView } from '../../projects/in-folder.ts';
import { toolTroubles } from '../../projects/tools.ts';
import { findServices, missingServices } from '../../services/find-services.ts';
import { commandLine, tail } from '../log.ts';
import { failed, inconclusive, type Outcome } from '../outcome.ts';
import { planOf } from '../request.ts';
import { foldersOf } from '../sandbox/folders.ts';
import { sandboxId } from '../sandbox/sandboxes.ts';
import { inProject, openForOthers, own, type Verifying } from '../sandbox/verifying.ts';
import type { Scope } from '../scope/scopes.ts';
import { installDependencies } from './dependencies.ts';
import { lockedFiles, lockedTests } from './locked-spec.ts';
import { sourceView, withFiles } from './source-view.ts';

/** A file of a changed tree; mode 0644 when none is given. */
export interface OverlayFile {
  readonly path: string;
  readonly content: string;
  readonly mode?: number;
}

/** The tree installed and built, ready to be mounted by each check; or why that did not work, which is every check's outcome. */
export type Prepared =
  | {
      readonly status: 'ready';
      readonly recognised: readonly Recognised[];
      readonly mounts: readonly WorkspaceMount[];
      /** Folders that are mounted, so that copying leaves them out. */
      readonly mountedPaths: readonly string[];
      readonly binPaths: readonly string[];
      /** Servers for tests, started in each check's sandbox. */
      readonly services: readonly ServiceName[];
      readonly story: string;
      /** The part of the tree that a check sees; all of it when left out. */
      readonly scope?: Scope;
      /** Laid over the built tree in a check's sandbox, which is then built again: a mutant. Evidence never comes from such a tree. */
      readonly overlay?: readonly OverlayFile[];
    }
  | { readonly status: 'not-ready'; readonly outcome: Outcome; readonly story: string };

/** Where a check sandbox finds the built tree before it copies it. */
export const sourceMount = '/mnt/source';

/**
 * Phase 1 and 2: dependencies from registries before any project code runs, then the build with loopback only. For the tests of the
 * plan, and for those asked beside it.
 */
export async function prepare(verifying: Verifying, asked: readonly TestsOf[] = []): Promise<Prepared> {
  const { deps, request, tree } = verifying;
  const plan = planOf(request);
  const locked = await lockedFiles(deps.blobs, plan);
  const view = withFiles(sourceView(tree), locked);
  const all = await detectProjects(deps.toolchains, view);
  const tests = [...(await lockedTests(deps.blobs, plan)), ...asked];
  const recognised = await projectsInUse(all, { source: view, tests });
  const story = recognisedWords(all, recognised);
  const tell = (text: string): void => void story.push(text);

  const builtId = sandboxId(request, 'tree');
  const mountedPaths = [...new Set(recognised.flatMap(({ project }) => project.dependencyPaths))];
  const binPaths = [...new Set(recognised.flatMap(({ project }) => project.binPaths))];
  const notReady = (outcome: Outcome): Prepared => ({ status: 'not-ready', outcome, story: story.join('\n') });

  const services = (await readAnyProjectFile(view))?.services ?? [];
  const missing = await layTree(verifying, { id: builtId, recognised, mountedPaths, services, tell });
  if (missing) return notReady(missing);
  const installed = await installDependencies(verifying, { recognised, tell });
  if (installed.status === 'failed') return notReady(installed.outcome);
  const broken = await build(verifying, {
    id: builtId,
    recognised,
    mounts: installed.mounts,
    binPaths,
    mountedPaths,
    tell,
  });
  if (broken) return notReady(broken);
  const mounts = [{ workspace: builtId, path: '.', at: sourceMount }, ...installed.mounts];
  return { status: 'ready', recognised, mounts, mountedPaths, binPaths, services, story: story.join('\n') };
}

function recognisedWords(all: readonly Recognised[], inUse: readonly Recognised[]): string[] {
  const titles = (list: readonly Recognised[]): string => list.map(({ project }) => project.title).join(', ');
  const rest = all.filter((item) => !inUse.includes(item));
  return [
    all.length === 0 ? 'No toolchain recognised this tree.' : `Recognised: ${titles(all)}.`,
    ...(rest.length === 0 ? [] : [`Not asked for by any check, so neither installed nor built: ${titles(rest)}.`]),
  ];
}

/** Lays the checkpoint's source tree into a fresh folder, less what will be mounted there. Gives the outcome when a tool is missing or too old. */
async function layTree(
  { deps, request, sandboxes, tree }: Verifying,
  {
    id,
    recognised,
    mountedPaths,
    services,
    tell,
  }: Pick<BuildPlan, 'id' | 'recognised' | 'mountedPaths' | 'tell'> & { readonly services: readonly ServiceName[] },
): Promise<Outcome | null> {
  const workspace = await sandboxes.open(id);
  const names = tree.entries.map(({ path, raw }) =>
    raw ? { path: path.slice('base64:'.length), raw } : { path, raw: false },
  );
  await workspace.files.putMany(foldersOf(names));
  if (request.tree) await fillTree(workspace, request.tree);
  else await fillSource({ workspace, blobs: deps.blobs }, request.checkpoint);
  if (mountedPaths.length > 0) await own(workspace, ['rm', '-rf', '--', ...mountedPaths]);
  await openForOthers(workspace, []);
  const found = await findServices(workspace, services);
  for (const service of found) tell(`Test service: ${service.found ?? `${service.title} is missing`}`);
  const [trouble] = [
    ...(await toolTroubles(
      workspace,
      recognised.map(({ toolchain, folder }) => ({ toolchain, source: folderView(sourceView(tree), folder) })),
    )),
    ...missingServices(found),
  ];
  await sandboxes.close(id);
  return trouble === undefined ? null : inconclusive({ command: 'looking for tools', excerpt: trouble });
}

interface BuildPlan {
  readonly id: string;
  readonly recognised: readonly Recognised[];
  readonly mounts: readonly WorkspaceMount[];
  readonly mountedPaths: readonly string[];
  readonly binPaths: readonly string[];
  readonly tell: (text: string) => void;
}

async function build({ sandboxes, signal }: Verifying, plan: BuildPlan): Promise<Outcome | null> {
  const commands = plan.recognised.flatMap(({ project, toolchain }) =>
    project.build.map((command) => ({ command, toolchain })),
  );
  if (commands.length === 0) return null;
  const workspace = await sandboxes.reopen(plan.id, { mounts: plan.mounts });
  for (const { command, toolchain } of commands) {
    const result = await buildStep(workspace, { command, binPaths: plan.binPaths, signal });
    if (typeof result === 'string')
      return failed('absent', {
        command: commandLine(command.argv),
        excerpt: `The build ended its sandbox: ${result}`,
      });
    plan.tell(`$ ${commandLine(command.argv)}\n${tail(result, 20_000)}`);
    if (result.exitCode !== 0) return notBuilt(toolchain, command, result);
  }
  await openForOthers(workspace, plan.mountedPaths);
  await sandboxes.close(plan.id);
  return null;
}

interface BuildStep {
  readonly command: Command;
  readonly binPaths: readonly string[];
  readonly signal: AbortSignal;
}

/** The result, or how the sandbox ended meanwhile: a build that eats all memory is the project's doing. */
async function buildStep(workspace: Workspace, { command, binPaths, signal }: BuildStep): Promise<ExecResult | string> {
  try {
    return await workspace.exec(inProject(command, binPaths), signal);
  } catch (error) {
    if (error instanceof DomainError && error.code === 'workspace_gone') return workspace.gone;
    throw error;
  }
}

function notBuilt(toolchain: Toolchain, command: Command, result: ExecResult): Outcome {
  const line = commandLine(command.argv);
  const outdated = toolchain.outdated?.(`${result.stdout}\n${result.stderr}`) ?? null;
  if (outdated !== null)
    return inconclusive({ command: line, exitCode: result.exitCode, excerpt: `${outdated}\n${tail(result, 1000)}` });
  if (result.timedOut)
    return failed('timeout', { command: line, excerpt: `The build did not end in time.\n${tail(result)}` });
  return failed('absent', { command: line, exitCode: result.exitCode, excerpt: `The build failed.\n${tail(result)}` });
}
