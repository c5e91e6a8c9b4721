import {
  buildOf,
  type Command,
  failingCommand,
  type Project,
  readProjectFile,
  serveOf,
  type SourceView,
} from '@devfactory/kit';
import { programsSource } from './programs-source.ts';

const buildMs = 600_000;
const looked = 80;
const programs = '.devfactory/bin';
const serverWords =
  /\blisten\s*\(|httplib|\bcrow::|drogon|tcp::acceptor|Pistache|oatpp|mongoose|mg_http_listen|microhttpd/;

/** CMake projects: by CMakeLists.txt at the root, or by devfactory.json. */
export async function detectCpp(source: SourceView): Promise<Project | null> {
  const named = await readProjectFile(source, 'cpp');
  const words = named === null || 'broken' in named ? null : named;
  const isCmake = source.paths.includes('CMakeLists.txt');
  if (!isCmake && words === null) return null;
  const program = await serverOf(source);
  return {
    toolchain: 'cpp',
    title: isCmake ? 'C++ with CMake' : 'C++',
    install: [],
    manifests: [],
    dependencyPaths: [],
    binPaths: [programs],
    registryHosts: [],
    build:
      named !== null && 'broken' in named
        ? [failingCommand(named.broken)]
        : (buildOf(words) ??
          (isCmake ? [{ argv: ['/bin/bash', '-c', build, 'build', programsSource], timeoutMs: buildMs }] : [])),
    serve: (port) => serveOf(words, port) ?? (program === null ? null : start(program, port)),
  };
}

/** FetchContent and its like have no way out in phase 2: told at once, instead of after a time that a download takes to fail. */
const build = `set -eu
mkdir -p .devfactory/cmake/.cmake/api/v1/query ${programs}
touch .devfactory/cmake/.cmake/api/v1/query/codemodel-v2
cmake -S . -B .devfactory/cmake -G 'Unix Makefiles' -DCMAKE_BUILD_TYPE=Release -DBUILD_TESTING=OFF -DFETCHCONTENT_FULLY_DISCONNECTED=ON
cmake --build .devfactory/cmake --parallel 2
python3 -I -c "$1" .devfactory/cmake ${programs}
`;

function start(program: string, port: number): Command {
  return { argv: [`./${programs}/${program}`], env: { PORT: String(port), HOST: '127.0.0.1' }, timeoutMs: 0 };
}

/** The program that is made from a source that listens, or the only program where a library of the project does. */
async function serverOf(source: SourceView): Promise<string | null> {
  const lists = source.paths.filter((path) => /^(?:[^/]+\/){0,3}CMakeLists\.txt$/.test(path)).slice(0, looked);
  const made = await Promise.all(
    lists.map(async (path) => {
      const text = ((await source.read(path)) ?? '').replaceAll(/#.*/g, '');
      return [...text.matchAll(/add_executable\s*\(\s*([\w.+-]+)([^)]*)\)/gi)].map(([, name = '', sources = '']) => ({
        name,
        sources: sources.split(/[\s"]+/).map((file) => path.slice(0, -'CMakeLists.txt'.length) + file),
      }));
    }),
  );
  const programs = made.flat();
  const code = source.paths.filter((path) => /\.(?:c|cc|cpp|cxx|h|hh|hpp)$/.test(path)).slice(0, looked);
  const listening = new Set<string>();
  for (const path of code) if (serverWords.test((await source.read(path)) ?? '')) listening.add(path);
  if (listening.size === 0) return null;
  const own = programs.find(({ sources }) => sources.some((file) => listening.has(file)));
  return own?.name ?? (programs.length === 1 ? (programs[0]?.name ?? null) : null);
}
