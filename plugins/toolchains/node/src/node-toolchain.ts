import { besideTests, publicRegistries, type SourceView, type Toolchain } from '@devfactory/kit';
import { detectNode } from './project.ts';
import { nodeTestRun } from './test-run.ts';

export interface NodeToolchainOptions {
  /** Where packages come from; when not given what the sandbox's environment says, or npm's own registry. */
  readonly registry?: string;
}

/** npm's words for a registry that did not answer. A package that does not exist (404) is the project's own mistake. */
const unreachable =
  /\b(ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ERR_SOCKET_TIMEOUT|EPROTO|UNABLE_TO_GET_ISSUER_CERT_LOCALLY|SELF_SIGNED_CERT_IN_CHAIN|E50[0234]|E407|E429)\b/;

/** What Node's own runner takes for tests by their names. */
const testName = /(^|\/)([^/]+[.\-_]test|test|test-[^/]+)\.[cm]?[jt]s$/;

/** Node and TypeScript projects with npm; tests with Node's own runner. */
export function nodeToolchain(options: NodeToolchainOptions = {}): Toolchain {
  const registry = options.registry ?? null;
  const hosts = [registry === null ? publicRegistries.npm : new URL(registry).host];
  return {
    id: 'node',
    title: 'Node',
    marks: ['package.json'],
    detect: (source: SourceView) => detectNode(source, { registry, hosts }),
    ownTests: (paths) => {
      const own = paths.filter((path) => !path.includes('node_modules/'));
      const isTest = (path: string): boolean => testName.test(path);
      return { tests: own.filter(isTest), support: besideTests(own, isTest) };
    },
    testRun: nodeTestRun,
    registryHosts: hosts,
    unreachable: (output) => unreachable.test(output),
    needs: [
      { command: 'node', debianPackage: 'nodejs' },
      { command: 'npm', debianPackage: 'npm' },
    ],
  };
}
