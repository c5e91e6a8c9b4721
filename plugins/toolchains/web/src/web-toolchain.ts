import {
  buildOf,
  failingCommand,
  guardedTestRun,
  type Project,
  readProjectFile,
  serveOf,
  type SourceView,
  type Toolchain,
} from '@devfactory/kit';

/** Where a page lies by convention, the likeliest first; '.' is the root. */
const folders = ['public', 'site', 'www', 'static', '.'];
/** Where a build of Node's tools puts it: these go first once they are there. */
const built = ['dist', 'build', 'out'];

/** Serves the first of the given folders that holds a page. Files alone: nothing of the project is executed. */
const serve =
  'port="$0"; for folder; do if [ -f "$folder/index.html" ]; then exec /usr/bin/python3 -I -m http.server --bind 127.0.0.1 --directory "$folder" "$port"; fi; done; echo "There is no index.html in: $*" >&2; exit 1';

/** Static pages: served as they are, or as another toolchain built them. Comes after the others, so that a project's own server goes first. */
export function webToolchain(): Toolchain {
  return {
    id: 'web',
    title: 'Static web',
    detect,
    testRun: guardedTestRun(
      'report("devfactory::missing", "failed")',
      'A static page has no test runner of its own. Ask by HTTP (a check of kind http), or lock tests for the toolchain node.',
    ),
    registryHosts: [],
    unreachable: () => false,
    needs: [{ command: 'python3', debianPackage: 'python3' }],
  };
}

async function detect(source: SourceView): Promise<Project | null> {
  const named = await readProjectFile(source, 'web');
  const words = named === null || 'broken' in named ? null : named;
  const there = new Set(source.paths);
  const pages = folders.filter((folder) => there.has(folder === '.' ? 'index.html' : `${folder}/index.html`));
  if (pages.length === 0 && words === null) return null;
  return {
    toolchain: 'web',
    title: pages[0] === undefined || pages[0] === '.' ? 'a static page' : `a static page in ${pages[0]}/`,
    install: [],
    manifests: [],
    dependencyPaths: [],
    binPaths: [],
    registryHosts: [],
    build: named !== null && 'broken' in named ? [failingCommand(named.broken)] : (buildOf(words) ?? []),
    serve: (port) =>
      serveOf(words, port) ?? {
        argv: ['/bin/sh', '-c', serve, String(port), ...(there.has('package.json') ? built : []), ...pages],
        env: { PORT: String(port), HOST: '127.0.0.1' },
        timeoutMs: 0,
      },
  };
}
