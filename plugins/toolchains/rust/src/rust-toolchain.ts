import { besideTests, guardedTestRun, publicRegistries, type Toolchain } from '@devfactory/kit';
import { detectRust } from './project.ts';
import { runnerSource } from './runner-source.ts';

const hosts = [publicRegistries.rust, publicRegistries.rustFiles];

/** Cargo's words for a registry that did not answer. A crate that does not exist is the project's own mistake. */
const unreachable =
  /Could(?:n't| not) (?:resolve|connect)|Connection (?:refused|reset)|Timeout was reached|SSL (?:certificate|connect)|got (?:403|407|429|50\d)|spurious network error|Network is unreachable/i;

const newer =
  "Debian's cargo may be too old: install a newer one with rustup, or lower the edition or versions in Cargo.toml.";
/** The first compiler that knows an edition. */
const editions: Readonly<Record<string, string>> = { '2018': '1.31', '2021': '1.56', '2024': '1.85' };

/** Cargo packages and workspaces; integration tests, compiled one file at a time. */
export function rustToolchain(): Toolchain {
  return {
    id: 'rust',
    title: 'Rust',
    marks: ['Cargo.toml'],
    detect: (source) => detectRust(source, hosts),
    ownTests: (paths) => {
      const isTest = (path: string): boolean => /(^|\/)tests\/(?:[\w-]+|[\w-]+\/main)\.rs$/.test(path);
      return { tests: paths.filter(isTest), support: besideTests(paths, isTest) };
    },
    // Ids: 'tests/price.rs::adds', 'tests/price.rs::none::is_zero'.
    testRun: guardedTestRun(
      runnerSource,
      'Rust is not there. Install it with: apt-get install cargo, and verify again.',
    ),
    registryHosts: hosts,
    unreachable: (output) => unreachable.test(output),
    outdated: (output) => {
      const old =
        /requires rustc [\d.]+|feature `edition\d+` is required|lock file version `?\d+`? .*(?:not understood|requires)|(?:older|newer) than .* edition/.exec(
          output,
        );
      return old === null ? null : `This machine's Rust is older than the project asks for (${old[0]}). ${newer}`;
    },
    leastVersion: async (source) => {
      const manifest = (await source.read('Cargo.toml')) ?? '';
      const said = /^rust-version\s*=\s*"(\d+(?:\.\d+)+)"/m.exec(manifest)?.[1];
      const edition = /^edition\s*=\s*"(\d+)"/m.exec(manifest)?.[1] ?? '';
      const version = said ?? editions[edition];
      return version === undefined ? null : { argv: ['rustc', '--version'], version, fix: newer };
    },
    needs: [
      { command: 'cargo', debianPackage: 'cargo' },
      { command: 'rustc', debianPackage: 'rustc' },
      { command: 'cc', debianPackage: 'gcc' },
      { command: 'python3', debianPackage: 'python3' },
    ],
  };
}
