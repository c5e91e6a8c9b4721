import { type Command, type Project, readProjectFile, type SourceView } from '@devfactory/kit';
import { installerSource } from './installer-source.ts';
import { serveCommand, startOf } from './serve.ts';

const installMs = 600_000;
const buildMs = 300_000;
const requirementFile = /^(?:[\w.-]*requirements[\w.-]*|constraints[\w.-]*)\.(?:txt|in)$|^requirements\/[\w.-]+\.txt$/;
const markers = ['pyproject.toml', 'setup.py', 'setup.cfg', 'Pipfile', 'manage.py'];

/** Python projects: by manifest, by devfactory.json, or by code at the root, in a package or in tests. */
export async function detectPython(
  source: SourceView,
  registry: { readonly index: string; readonly hosts: readonly string[] },
): Promise<Project | null> {
  const named = await readProjectFile(source, 'python');
  const words = named === null || 'broken' in named ? null : named;
  const requirements = source.paths.filter((path) => requirementFile.test(path));
  const manifests = [...requirements, ...source.paths.filter((path) => path === 'pyproject.toml')];
  const isPython =
    manifests.length > 0 ||
    source.paths.some(
      (path) =>
        markers.includes(path) || /^(?:[^/]+|(?:src\/)?[^/]+\/(?:__init__|__main__)|tests?\/[^/]+)\.py$/.test(path),
    );
  if (!isPython && words === null) return null;

  const start = words?.serve ? null : await startOf(source);
  return {
    toolchain: 'python',
    title: `Python ${manifests.length > 0 ? `with ${manifests.join(', ')}` : 'without requirements'}`,
    install: [installCommand(manifests, registry.index)],
    manifests,
    dependencyPaths: ['.venv'],
    binPaths: ['.venv/bin'],
    registryHosts: registry.hosts,
    build:
      named !== null && 'broken' in named
        ? [failing(named.broken)]
        : (words?.build ?? []).map((argv) => ({ argv, env: projectEnv, timeoutMs: buildMs })),
    serve: (port) => {
      if (words?.serve)
        return {
          argv: words.serve.map((word) => word.replaceAll('${PORT}', String(port))),
          env: { ...projectEnv, PORT: String(port), HOST: '127.0.0.1' },
          timeoutMs: 0,
        };
      return start === null ? null : serveCommand(start, { port, env: projectEnv });
    },
  };
}

/** A project with its code in src/ is importable without being installed: installing would run its own build. */
export const projectEnv = {
  PYTHONPATH: '/workspace:/workspace/src',
  PYTHONDONTWRITEBYTECODE: '1',
  PYTHONUNBUFFERED: '1',
} as const;

function installCommand(manifests: readonly string[], index: string): Command {
  return { argv: ['python3', '-I', '-c', installerSource, index, ...manifests], timeoutMs: installMs };
}

function failing(why: string): Command {
  return { argv: ['/bin/sh', '-c', 'printf "%s\\n" "$0" >&2; exit 1', why], timeoutMs: 10_000 };
}
