import { dirname } from 'node:path/posix';
import { besideTests, guardedTestRun, publicRegistries, type Toolchain } from '@devfactory/kit';
import { detectGo, goGroundwork } from './project.ts';
import { runnerSource } from './runner-source.ts';

const hosts = [publicRegistries.go, publicRegistries.goSums];

/** Go's words for a proxy that did not answer. A module that does not exist (404, 410) is the project's own mistake. */
const unreachable =
  /dial tcp|no such host|proxyconnect|connection (?:refused|reset)|i\/o timeout|TLS handshake|x509:|context deadline exceeded|network is unreachable|: (?:403|407|429|50\d) /;

const newer =
  "Debian's golang-go may be too old: install a newer one from go.dev/dl into /usr/local/go, or lower the version in go.mod.";

/** Folders in which Go sees no packages of the module. */
const apart = /(^|\/)(vendor|testdata|[_.][^/]*)\//;

/** Go modules; tests are compiled and run one package at a time. */
export function goToolchain(): Toolchain {
  return {
    id: 'go',
    title: 'Go',
    marks: ['go.mod', 'go.work'],
    detect: (source) => detectGo(source, hosts),
    ownTests: (paths) => {
      const isTest = (path: string): boolean => path.endsWith('_test.go') && !apart.test(path);
      const tests = paths.filter(isTest);
      // The tests of a package are compiled together.
      return {
        tests,
        support: [...tests, ...besideTests(paths, isTest)],
        uses: (file) => (path) => !isTest(path) || dirname(file.path) === dirname(path),
      };
    },
    // Ids: 'price/price_test.go::TestTotal', 'price/price_test.go::TestTotal/of none'.
    testRun: guardedTestRun(
      runnerSource,
      'Go is not there. Install it with: apt-get install golang-go, and verify again.',
    ),
    registryHosts: hosts,
    unreachable: (output) => unreachable.test(output),
    outdated: (output) => {
      const wanted = /go\.(?:mod|work) requires go >= ([\d.]+)|invalid go version '([^']+)'/.exec(output);
      return wanted === null
        ? null
        : `This machine's Go is older than the project asks for (go ${wanted[1] ?? wanted[2]}). ${newer}`;
    },
    leastVersion: async (source) => {
      const manifest = (await source.read('go.mod')) ?? (await source.read('go.work')) ?? '';
      const version = /^go\s+(\d+(?:\.\d+)+)/m.exec(manifest)?.[1];
      return version === undefined ? null : { argv: ['go', 'version'], version, fix: newer };
    },
    groundwork: goGroundwork,
    needs: [
      { command: 'go', debianPackage: 'golang-go' },
      { command: 'python3', debianPackage: 'python3' },
    ],
  };
}
