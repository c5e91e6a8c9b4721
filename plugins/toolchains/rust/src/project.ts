import {
  buildOf,
  type Command,
  failingCommand,
  type Project,
  readProjectFile,
  serveOf,
  type SourceView,
} from '@devfactory/kit';

const installMs = 600_000;
const buildMs = 600_000;
const looked = 60;
const dependencies = '.devfactory/cargo';
const serverWords =
  /TcpListener|\baxum\b|actix_web|\bhyper\b|\bwarp::|\brocket\b|tiny_http|\btide\b|\bpoem\b|HttpServer/;

/** Cargo packages and workspaces: by Cargo.toml at the root, or by devfactory.json. */
export async function detectRust(source: SourceView, registryHosts: readonly string[]): Promise<Project | null> {
  const named = await readProjectFile(source, 'rust');
  const words = named === null || 'broken' in named ? null : named;
  const isCargo = source.paths.includes('Cargo.toml');
  if (!isCargo && words === null) return null;
  const program = await serverOf(source);
  return {
    toolchain: 'rust',
    title: `Rust ${source.paths.includes('Cargo.lock') ? 'with Cargo.lock' : 'without a lock file'}`,
    install: isCargo
      ? [{ argv: ['/bin/bash', '-c', environment + fetch, 'install', stubs], timeoutMs: installMs }]
      : [],
    manifests: source.paths.filter((path) => /^(?:[^/]+\/)*Cargo\.(?:toml|lock)$/.test(path)),
    dependencyPaths: isCargo ? [dependencies] : [],
    binPaths: ['target/debug'],
    registryHosts,
    build:
      named !== null && 'broken' in named
        ? [failingCommand(named.broken)]
        : (buildOf(words) ?? (isCargo ? [{ argv: ['/bin/bash', '-c', environment + build], timeoutMs: buildMs }] : [])),
    serve: (port) => serveOf(words, port) ?? (program === null ? null : start(program, port)),
  };
}

/** Called from outside of the project: Cargo then does not look for a `.cargo/config.toml` in it. */
const environment = `set -eu
export CARGO_HOME="$PWD/${dependencies}" CARGO_BUILD_JOBS=2 CARGO_INCREMENTAL=0 CARGO_PROFILE_DEV_DEBUG=0 CARGO_PROFILE_TEST_DEBUG=0 CARGO_TERM_COLOR=never
project="$PWD"
`;

/** Sources that a manifest speaks of must be there before Cargo reads it: empty ones will do, as nothing is compiled. */
const stubs = `
import os, sys
try:
    import tomllib
except ImportError:
    tomllib = None
for folder, _, files in os.walk("."):
    if "Cargo.toml" not in files or "/.devfactory" in folder:
        continue
    wanted = ["src/lib.rs", "src/main.rs"]
    if tomllib:
        try:
            with open(os.path.join(folder, "Cargo.toml"), "rb") as file:
                manifest = tomllib.load(file)
        except (tomllib.TOMLDecodeError, OSError):
            continue
        for kind, place in (("bin", "src/bin"), ("test", "tests"), ("bench", "benches"), ("example", "examples")):
            for target in manifest.get(kind, []):
                wanted.append(target.get("path") or place + "/" + target.get("name", "x") + ".rs")
        wanted.append(manifest.get("lib", {}).get("path") or "src/lib.rs")
    for path in wanted:
        path = os.path.normpath(os.path.join(folder, path))
        if path.startswith("..") or os.path.isabs(path):
            continue
        os.makedirs(os.path.dirname(path), exist_ok=True)
        open(path, "a").close()
`;

/** Crates and nothing else: no build script runs. Where the project has no lock file, the one made here counts. */
const fetch = `
python3 -I -c "$1"
mkdir -p "$CARGO_HOME"
cd /
cargo fetch --manifest-path "$project/Cargo.toml" --target "$(rustc -vV | sed -n 's/^host: //p')"
cp "$project/Cargo.lock" "$CARGO_HOME/Cargo.lock"
`;

const build = `
cp "$CARGO_HOME/Cargo.lock" Cargo.lock
cd /
cargo build --offline --workspace --manifest-path "$project/Cargo.toml" --target-dir "$project/target"
# What tests alone need is compiled once here and not for each check. Tests that do not compile are not the build's business.
if grep -qs dev-dependencies $(find "$project" -name Cargo.toml -not -path '*/.devfactory/*' -not -path '*/target/*'); then
  timeout 240 cargo test --no-run --offline --workspace --manifest-path "$project/Cargo.toml" --target-dir "$project/target" >/dev/null 2>&1 || true
fi
`;

function start(program: string, port: number): Command {
  return { argv: [`./target/debug/${program}`], env: { PORT: String(port), HOST: '127.0.0.1' }, timeoutMs: 0 };
}

/** The program of the first package, root first, whose sources listen. */
async function serverOf(source: SourceView): Promise<string | null> {
  const manifests = source.paths.filter((path) => /^(?:[^/]+\/){0,3}Cargo\.toml$/.test(path));
  for (const path of manifests.toSorted((a, b) => a.length - b.length)) {
    const folder = path.slice(0, -'Cargo.toml'.length);
    const files = source.paths.filter((file) => file.startsWith(`${folder}src/`) && file.endsWith('.rs'));
    const texts = await Promise.all(files.slice(0, looked).map(async (file) => (await source.read(file)) ?? ''));
    if (!texts.some((text) => serverWords.test(text))) continue;
    const manifest = (await source.read(path)) ?? '';
    const named = /\[\[bin\]\][^[]*?^name\s*=\s*"([\w-]+)"/m.exec(manifest)?.[1];
    const own = files.includes(`${folder}src/main.rs`)
      ? /\[package\][^[]*?^name\s*=\s*"([\w-]+)"/m.exec(manifest)?.[1]
      : undefined;
    const bins = files.flatMap((file) => /\/?src\/bin\/([\w-]+)(?:\.rs|\/main\.rs)$/.exec(file)?.[1] ?? []);
    const found = named ?? own ?? bins[0];
    if (found !== undefined) return found;
  }
  return null;
}
