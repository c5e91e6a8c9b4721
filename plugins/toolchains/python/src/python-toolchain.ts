import { basename } from 'node:path/posix';
import { besideTests, publicRegistries, wordsOf, type SourceView, type Toolchain } from '@devfactory/kit';
import { detectPython } from './project.ts';
import { pythonTestRun } from './test-run.ts';

export interface PythonToolchainOptions {
  /** Where packages come from; when not given what the sandbox's environment says, or the Python Package Index. */
  readonly index?: string;
  /** What phase 1 may reach: the index and where it keeps its files. A driver adds the machine's own mirror of it. */
  readonly registryHosts?: readonly string[];
}

const packageHosts = [publicRegistries.python, publicRegistries.pythonFiles];

/** pip's words for an index that did not answer. "No matching distribution" alone is the project's own mistake. */
const unreachable =
  /NewConnectionError|ConnectTimeout|ReadTimeout|ProxyError|SSLError|NameResolutionError|Temporary failure in name resolution|Connection refused|Connection reset|Network is unreachable|RemoteDisconnected|50[234] Server Error|429 Client Error/;

/** What pytest takes for tests by their names. */
const testName = /(^|\/)(test_[^/]+|[^/]+_test)\.py$/;

/** Python projects with pip; tests with pytest. */
export function pythonToolchain(options: PythonToolchainOptions = {}): Toolchain {
  const index = options.index ?? '';
  const hosts = options.registryHosts ?? (options.index === undefined ? packageHosts : [new URL(index).host]);
  return {
    id: 'python',
    title: 'Python',
    marks: ['pyproject.toml', 'requirements.txt', 'setup.py', 'setup.cfg', 'Pipfile', 'manage.py'],
    detect: (source: SourceView) => detectPython(source, { index, hosts }),
    ownTests: (paths) => {
      const isTest = (path: string): boolean => testName.test(path);
      const configured = paths.filter((path) => /(^|\/)conftest\.py$/.test(path));
      const tests = paths.filter(isTest);
      return {
        tests,
        support: [...new Set([...configured, ...besideTests(paths, isTest), ...tests])],
        uses: ({ content }) => {
          const words = wordsOf(content);
          return (path) => !isTest(path) || words.has(basename(path, '.py'));
        },
      };
    },
    testRun: pythonTestRun,
    registryHosts: hosts,
    unreachable: (output) => unreachable.test(output),
    needs: [{ command: 'python3', debianPackage: 'python3 python3-venv' }],
  };
}
