import type { Command, Project, SourceView, TestRun, Toolchain } from '@devfactory/kit';

/** A folder of a tree as if it were the whole. */
export function folderView(source: SourceView, folder: string): SourceView {
  if (folder === '') return source;
  const prefix = `${folder}/`;
  return {
    paths: source.paths.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length)),
    read: (path) => source.read(prefix + path),
  };
}

/** What was recognised in a folder, as words about the whole tree. */
export function inFolder(project: Project, folder: string): Project {
  if (folder === '') return project;
  const below = (path: string): string => `${folder}/${path}`;
  const there = (command: Command): Command => commandIn(command, folder);
  const preview = project.preview?.bind(project);
  return {
    ...project,
    title: `${project.title} in ${folder}/`,
    install: project.install.map(there),
    manifests: project.manifests.map(below),
    dependencyPaths: project.dependencyPaths.map(below),
    scratchPaths: (project.scratchPaths ?? []).map(below),
    binPaths: project.binPaths.map(below),
    build: project.build.map(there),
    serve: (port) => {
      const command = project.serve(port);
      return command && there(command);
    },
    ...(preview
      ? {
          preview: (port) => {
            const command = preview(port);
            return command && there(command);
          },
        }
      : {}),
  };
}

/** A toolchain knows paths and test ids of its project; checks and evidence name them as they are in the tree. */
export function testRunIn(toolchain: Toolchain, folder: string, request: Parameters<Toolchain['testRun']>[0]): TestRun {
  if (folder === '') return toolchain.testRun(request);
  const prefix = `${folder}/`;
  const run = toolchain.testRun({
    ...request,
    files: request.files.flatMap((file) =>
      file.path.startsWith(prefix) ? [{ ...file, path: file.path.slice(prefix.length) }] : [],
    ),
    tests: request.tests.map((id) => id.slice(prefix.length)),
  });
  return {
    ...run,
    command: commandIn(run.command, folder),
    outcomes: (result) => run.outcomes(result).map(({ id, outcome }) => ({ id: prefix + id, outcome })),
    trouble: (result) => run.trouble(result),
    deception: (result) => run.deception?.(result) ?? null,
  };
}

/** In the environment that a toolchain gives, /workspace is its project's folder. */
function commandIn(command: Command, folder: string): Command {
  const env = Object.entries(command.env ?? {}).map(([name, value]): [string, string] => [
    name,
    value.replaceAll(/\/workspace(?![^/:])/g, `/workspace/${folder}`),
  ]);
  return { ...command, cwd: folder, ...(command.env ? { env: Object.fromEntries(env) } : {}) };
}
