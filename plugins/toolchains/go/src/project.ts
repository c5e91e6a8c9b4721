import {
  buildOf,
  type Command,
  failingCommand,
  type Groundwork,
  groundworkFolder,
  type Project,
  readProjectFile,
  serveOf,
  type SourceView,
} from '@devfactory/kit';

const installMs = 600_000;
const buildMs = 600_000;
const looked = 60;
const dependencies = '.devfactory/go';
const programs = '.devfactory/bin';
/** Main packages by the names that servers usually have. */
const serverNames = ['server', 'api', 'web', 'service', 'serve', 'http', 'httpd', 'app'];

/** Go modules: by go.mod or go.work at the root, or by devfactory.json. */
export async function detectGo(source: SourceView, registryHosts: readonly string[]): Promise<Project | null> {
  const named = await readProjectFile(source, 'go');
  const words = named === null || 'broken' in named ? null : named;
  const isGo = source.paths.includes('go.mod') || source.paths.includes('go.work');
  if (!isGo && words === null) return null;
  const manifests = source.paths.filter((path) => /^(?:[^/]+\/)*go\.(?:mod|sum|work|work\.sum)$/.test(path));
  const vendored = source.paths.includes('vendor/modules.txt');
  const program = await serverOf(source);
  return {
    toolchain: 'go',
    title: `Go ${source.paths.includes('go.work') ? 'with a workspace' : vendored ? 'with vendored modules' : 'with modules'}`,
    install: [{ argv: ['/bin/bash', '-c', environment(vendored) + download], timeoutMs: installMs }],
    manifests,
    dependencyPaths: [dependencies],
    binPaths: [programs],
    registryHosts,
    build:
      named !== null && 'broken' in named
        ? [failingCommand(named.broken)]
        : (buildOf(words) ??
          (isGo ? [{ argv: ['/bin/bash', '-c', environment(vendored) + build], timeoutMs: buildMs }] : [])),
    serve: (port) => serveOf(words, port) ?? (program === null ? null : start(program, port)),
  };
}

/** What every call of `go` is told. Nothing of it comes from the project, and `go env -w` of one call means nothing to the next. */
function environment(vendored: boolean): string {
  return `set -eu
export GOENV=off GOTOOLCHAIN=local GOTELEMETRY=off GOMAXPROCS=2 GOMODCACHE="$PWD/${dependencies}/mod"
if [ -e go.work ]; then export GOFLAGS=; else export GOFLAGS=${vendored ? '-mod=vendor' : '-mod=mod'}; fi
`;
}

/** What the cache of every project begins with. */
const common =
  'net/http encoding/json testing testing/internal/testdeps flag log/slog html/template os/exec os/signal database/sql net/http/httptest';

const ground = groundworkFolder('go');

/** The standard library, compiled once on a machine: most of what an installation without modules would do. */
export const goGroundwork: Groundwork = {
  madeOf: { argv: ['go', 'version'], timeoutMs: 60_000 },
  make: {
    argv: [
      '/bin/bash',
      '-c',
      `set -eu
export GOENV=off GOTOOLCHAIN=local GOTELEMETRY=off GOPROXY=off GOFLAGS= GOWORK=off GOMAXPROCS=2 GOCACHE="$PWD/cache"
mkdir -p "$GOCACHE"
cd /tmp
go build ${common}
`,
    ],
    timeoutMs: installMs,
  },
  path: 'cache',
};

/** Modules, and the standard library compiled once for all checks, with what every test program is linked with: no program of the project or of a module runs. */
const download = `
export GOCACHE="$PWD/${dependencies}/cache"
mkdir -p "$GOMODCACHE" "$GOCACHE"
if [ "$GOFLAGS" != -mod=vendor ]; then find . -name go.mod -not -path './.devfactory/*' -execdir env GOFLAGS=-modcacherw go mod download ';' ; fi
for name in go.mod go.work; do
  # The language version is asked for here already: a Go that is too old says so before anything is built.
  if [ -e "$name" ]; then go list -m >/dev/null; fi
done
if [ -d "${ground}" ]; then cp -R "${ground}/." "$GOCACHE"; fi
cd /tmp
GOFLAGS= GOWORK=off go build ${common}
`;

const build = `
export GOPROXY=off GOSUMDB=off GOCACHE="$HOME/.cache/go-build" GOTMPDIR="$HOME/tmp"
mkdir -p "$GOTMPDIR" ${programs}
if [ ! -d "$GOCACHE" ]; then mkdir -p "$(dirname "$GOCACHE")"; cp -R "$PWD/${dependencies}/cache" "$GOCACHE"; fi
packages=$(if [ -e go.work ]; then go list -m -f '{{.Dir}}/...'; else echo ./...; fi)
mains=$(go list -f '{{if eq .Name "main"}}{{.ImportPath}}{{end}}' $packages)
go build -buildvcs=false $packages
if [ -n "$mains" ]; then go build -buildvcs=false -o ${programs}/ $mains; fi
`;

function start(program: string, port: number): Command {
  return { argv: [`./${programs}/${program}`], env: { PORT: String(port), HOST: '127.0.0.1' }, timeoutMs: 0 };
}

/** The main package that serves, by the name of its program; null when nothing listens. */
async function serverOf(source: SourceView): Promise<string | null> {
  const files = source.paths.filter((path) => /^(?:[^/]+\/){0,4}[^/]+\.go$/.test(path) && !path.endsWith('_test.go'));
  const texts = new Map<string, string>();
  for (const path of files.slice(0, looked)) texts.set(path, (await source.read(path)) ?? '');
  if (![...texts.values()].some((text) => /\bListenAndServe|\bnet\.Listen\(|\.Listen\(|\.Run\(/.test(text)))
    return null;
  const mains = [...texts].filter(([, text]) => /^package main\b/m.test(text)).map(([path]) => folderOf(path));
  if (mains.includes('')) return moduleName((await source.read('go.mod')) ?? '');
  const byName = new Map(mains.map((folder) => [folder.split('/').at(-1) ?? '', folder]));
  const known = [...serverNames, moduleName((await source.read('go.mod')) ?? '') ?? ''].find((name) =>
    byName.has(name),
  );
  return known ?? [...byName.keys()].toSorted()[0] ?? null;
}

/** 'example.com/shop/v2' makes a program 'shop'. */
function moduleName(manifest: string): string | null {
  const path = /^module\s+"?([^\s"]+)/m.exec(manifest)?.[1];
  return (
    path
      ?.replace(/\/v\d+$/, '')
      .split('/')
      .at(-1) ?? null
  );
}

function folderOf(path: string): string {
  return path.split('/').slice(0, -1).join('/');
}
