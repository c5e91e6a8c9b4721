import {
  previewOf,
  readAnyProjectFile,
  type Command,
  type ExecSpec,
  type SourceView,
  type Toolchain,
  type Workspace,
} from '@devfactory/kit';
import { detectProjects, type Recognised } from '../projects/index.ts';
import { LiveServices } from '../services/live-services.ts';
import { inProject } from '../verify/index.ts';

/** How a project is shown to people while it is worked on. */
export interface PreviewPlan {
  /** What was recognised. */
  readonly title: string;
  /** What runs before it is started: an installation where dependencies are missing, a build where what is started must be built. */
  readonly before: readonly ExecSpec[];
  readonly start: ExecSpec;
}

/** A server of a person's runs until it is stopped. */
const longestMs = 24 * 60 * 60 * 1000;
const outputBytes = 64 * 1024;

/** Looks at a workspace's files as they are. Null when nothing in them is a server. Asks for `port`; what starts may take another one. */
export async function planPreview(
  workspace: Workspace,
  { toolchains, port }: { readonly toolchains: readonly Toolchain[]; readonly port: number },
): Promise<PreviewPlan | null> {
  const source = await liveView(workspace);
  const found = await detectProjects(toolchains, source);
  const words = await readAnyProjectFile(source);
  // A development server shows changes by itself, so it goes before one that only serves.
  const choices = [
    ...found.slice(0, 1).map((item) => ({
      ...item,
      command: previewOf(words, port, item.project.serve(port)?.env),
      isBuilt: false,
    })),
    ...found.map((item) => ({ ...item, command: item.project.preview?.(port) ?? null, isBuilt: false })),
    ...found.map((item) => ({ ...item, command: item.project.serve(port), isBuilt: true })),
  ];
  const chosen = choices.find(({ command }) => command !== null);
  if (!chosen?.command) return null;
  const services = await new LiveServices().view(workspace);
  const spec = (command: Command): ExecSpec => ({
    ...inProject(command, chosen.project.binPaths),
    env: { ...services.env, ...command.env },
    timeoutMs: command.timeoutMs || longestMs,
    outputBytes,
  });
  const missing = await isMissing(workspace, chosen);
  const before = [...(missing ? chosen.project.install : []), ...(chosen.isBuilt ? chosen.project.build : [])];
  return { title: chosen.project.title, before: before.map(spec), start: spec(chosen.command) };
}

/** An agent installs what it needs by itself; after a restore, or where none did, dependencies are not there. */
async function isMissing(workspace: Workspace, { project }: Recognised): Promise<boolean> {
  for (const path of project.dependencyPaths) {
    const { exitCode } = await workspace.exec({ argv: ['test', '-d', path], timeoutMs: 10_000 });
    if (exitCode !== 0) return true;
  }
  return false;
}

async function liveView(workspace: Workspace): Promise<SourceView> {
  const { entries } = await workspace.files.walk();
  return {
    paths: entries.filter(({ type, raw }) => type === 'file' && !raw).map(({ path }) => path),
    read: async (path) => {
      try {
        return Buffer.from(await workspace.files.read(path, { maxBytes: 1024 * 1024 })).toString('utf8');
      } catch {
        // Gone meanwhile, unreadable or too large: as if it were not there.
        return null;
      }
    },
  };
}
