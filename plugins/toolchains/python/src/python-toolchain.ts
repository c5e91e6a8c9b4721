import type { SourceView, Toolchain } from '@devfactory/kit';
import { detectPython } from './project.ts';
import { pythonTestRun } from './test-run.ts';

export interface PythonToolchainOptions {
  /** Where packages come from; the Python Package Index when not given. */
  readonly index?: string;
  /** What phase 1 may reach: the index and where it keeps its files. */
  readonly registryHosts?: readonly string[];
}

const packageIndex = 'https://pypi.org/simple/';
const packageHosts = ['pypi.org', 'files.pythonhosted.org'];

/** pip's words for an index that did not answer. "No matching distribution" alone is the project's own mistake. */
const unreachable =
  /NewConnectionError|ConnectTimeout|ReadTimeout|ProxyError|SSLError|NameResolutionError|Temporary failure in name resolution|Connection refused|Connection reset|Network is unreachable|RemoteDisconnected|50[234] Server Error|429 Client Error/;

/** Python projects with pip; tests with pytest. */
export function pythonToolchain(options: PythonToolchainOptions = {}): Toolchain {
  const index = options.index ?? packageIndex;
  const hosts = options.registryHosts ?? (options.index === undefined ? packageHosts : [new URL(index).hostname]);
  return {
    id: 'python',
    title: 'Python',
    detect: (source: SourceView) => detectPython(source, { index, hosts }),
    testRun: pythonTestRun,
    unreachable: (output) => unreachable.test(output),
    needs: [{ command: 'python3', debianPackage: 'python3 python3-venv' }],
  };
}
