import type { CheckFile } from '@devfactory/contracts';
import type { ExecResult } from './workspace.ts';

/** Sight of a source tree. */
export interface SourceView {
  readonly paths: readonly string[];
  /** Text of a file, null when it is not there or larger than 1 MiB. */
  read(path: string): Promise<string | null>;
}

export interface Command {
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** How one source tree is installed, built, run and tested. */
export interface Project {
  readonly toolchain: string;
  /** What was recognised, for people: 'Python with requirements.txt'. */
  readonly title: string;
  /** Phase 1, registry access only, before any project code runs: from lock files or manifests, without the project's scripts. */
  readonly install: readonly Command[];
  /** Folders that `install` makes, relative to the project; shared read-only with each check. */
  readonly dependencyPaths: readonly string[];
  /** Registries that phase 1 may reach. */
  readonly registryHosts: readonly string[];
  /** Phase 2, loopback only. */
  readonly build: readonly Command[];
  /** Starts the app so that it listens on 127.0.0.1:port; null when it is no server. Also given PORT and HOST. */
  serve(port: number): Command | null;
}

/** One direct call of the test runner with configuration that the project cannot change. */
export interface TestRun {
  readonly command: Command;
  /** Locked files of the runner itself, laid down read-only under /checks, outside of the project. */
  readonly runnerFiles: readonly CheckFile[];
  /** Given on stdin and read before project code is imported; marks the runner's own report lines. */
  readonly stdin: string;
  /** Outcome of each expected id, from what the runner printed; an id without a report is missing. */
  outcomes(result: ExecResult): readonly { readonly id: string; readonly outcome: 'passed' | 'failed' | 'skipped' | 'missing' }[];
}

/** How a language or framework is detected, installed, built, tested, run. Pure: it gives commands, it never runs them. */
export interface Toolchain {
  readonly id: string;
  readonly title: string;
  /** Null when the tree is not of this kind. Never throws on odd files: a broken manifest is null or a Project that fails when run. */
  detect(source: SourceView): Promise<Project | null>;
  testRun(request: { readonly files: readonly CheckFile[]; readonly tests: readonly string[]; readonly nonce: string; readonly timeoutMs: number }): TestRun;
  /** Commands that must exist in the sandbox, with the Debian package that brings each. */
  readonly needs: readonly { readonly command: string; readonly debianPackage: string }[];
}
