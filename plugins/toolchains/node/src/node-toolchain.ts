import { besideTests, publicRegistries, type SourceView, type Toolchain } from '@devfactory/kit';
import { decidesTests } from './frameworks.ts';
import { detectNode } from './project.ts';
import { nodeTestRun } from './test-run.ts';

export interface NodeToolchainOptions {
  /** Where packages come from; when not given what the sandbox's environment says, or npm's own registry. */
  readonly registry?: string;
}

/** npm's words for a registry that did not answer. A package that does not exist (404) is the project's own mistake. */
const unreachable =
  /\b(ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ERR_SOCKET_TIMEOUT|EPROTO|UNABLE_TO_GET_ISSUER_CERT_LOCALLY|SELF_SIGNED_CERT_IN_CHAIN|E50[0234]|E407|E429)\b/;

/** What Node's own runner, Vitest and Jest take for tests by their names. */
const testName =
  /(?:^|\/)(?:[^/]+[.\-_]test|[^/]+\.spec|test|test-[^/]+)\.[cm]?[jt]sx?$|(?:^|\/)__tests__\/.+\.[cm]?[jt]sx?$/;

/** Where Mocha looks, whatever files are called. Only a project that names no tests is taken to mean it: others keep helpers there. */
const testPlace = /^test\/[^/]+\.[cm]?js$/;

/** Node and TypeScript projects with npm; tests with Vitest, Jest, Mocha or Node's own runner. */
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
      const named = own.filter(isTest);
      const deciding = new Set(own.filter(decidesTests));
      const tests = named.length > 0 ? named : own.filter((path) => testPlace.test(path));
      return {
        tests: tests.filter((path) => !deciding.has(path)),
        support: [...new Set([...besideTests(own, isTest), ...deciding])],
      };
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
