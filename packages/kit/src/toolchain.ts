import type { CheckFile } from '@devfactory/contracts';
import type { TestOutcome } from './test-report.ts';
import type { ExecResult } from './workspace.ts';

/** Sight of a source tree. */
export interface SourceView {
  readonly paths: readonly string[];
  /** Text of a file, null when it is not there or larger than 1 MiB. */
  read(path: string): Promise<string | null>;
}

export interface Command {
  readonly argv: readonly string[];
  /** `/workspace` in a value is the project's folder. */
  readonly env?: Readonly<Record<string, string>>;
  /** Relative to the tree's root, which it is when not given. Toolchains leave it out: the engine says where a project lies. */
  readonly cwd?: string;
  readonly timeoutMs: number;
}

/** How one source tree is installed, built, run and tested. */
export interface Project {
  readonly toolchain: string;
  /** What was recognised, for people: 'Python with requirements.txt'. */
  readonly title: string;
  /** Phase 1, registry access only, before any project code runs: from lock files or manifests, without the project's scripts. */
  readonly install: readonly Command[];
  /** Files of the source tree that `install` reads. Phase 1 sees these alone; the same ones give the same dependencies. */
  readonly manifests: readonly string[];
  /** Folders that `install` makes, relative to the project; shared read-only with each check. */
  readonly dependencyPaths: readonly string[];
  /** Folders in those, relative to the project, where its tools keep what they make anew each time: each sandbox has them empty and may write there. */
  readonly scratchPaths?: readonly string[];
  /** Folders, relative to the project, that come first on PATH when the project is built, run or tested. */
  readonly binPaths: readonly string[];
  /** Registries that phase 1 may reach. */
  readonly registryHosts: readonly string[];
  /** Phase 2, loopback only. */
  readonly build: readonly Command[];
  /** Starts the app so that it listens on 127.0.0.1:port; null when it is no server. Also given PORT and HOST. */
  serve(port: number): Command | null;
  /**
   * Starts it as its developers do while they work, so that changes show by themselves; it may listen on a port of its own. Needs no build.
   * Null or left out where `serve` is all there is.
   */
  preview?(port: number): Command | null;
}

/** Where the runner's own locked files lie in the sandbox: outside of the project, read-only. */
export const runnerFolder = '/mnt/checks';

/** Where an installation finds a toolchain's groundwork, read-only; nothing is there when it could not be made. */
export function groundworkFolder(toolchainId: string): string {
  return `/mnt/ground/${toolchainId}`;
}

/** What a toolchain makes ready once for every project of a machine, out of itself alone: its standard library, compiled. */
export interface Groundwork {
  /** Says what it is made of, a version; another answer makes it anew. */
  readonly madeOf: Command;
  /** Makes `path`, in a folder that is empty, with loopback only. */
  readonly make: Command;
  readonly path: string;
}

/** One direct call of the test runner with configuration that the project cannot change. */
export interface TestRun {
  readonly command: Command;
  /** Locked files of the runner itself, laid down read-only in `runnerFolder`; paths are relative to it. */
  readonly runnerFiles: readonly CheckFile[];
  /** Given on stdin and read before project code is imported; marks the runner's own report lines. */
  readonly stdin: string;
  /** Outcome of each expected id, from what the runner printed; an id without a report is missing. */
  outcomes(result: ExecResult): readonly { readonly id: string; readonly outcome: TestOutcome }[];
  /** A sentence when the runner itself is not there or could not start: the machine's trouble, not the project's. Else null. */
  trouble(result: ExecResult): string | null;
  /** A sentence when the code under test was seen to change what the runner reports, so that none of it counts. Else null. */
  deception?(result: ExecResult): string | null;
}

/** Of a tree's paths, which ones have or decide tests. */
export interface OwnTests {
  /** Files with tests that `testRun` can run. */
  readonly tests: readonly string[];
  /** Files that decide beside them what they ask: conftest.py, helpers, fixtures, snapshots; other tests too, where tests use each other. */
  readonly support: readonly string[];
  /** Which support files a file may use, by their paths. Where it is left out each may use each. */
  uses?(file: CheckFile): (path: string) => boolean;
}

/** How a language or framework is detected, installed, built, tested, run. Pure: it gives commands, it never runs them. */
export interface Toolchain {
  readonly id: string;
  readonly title: string;
  /** Names of files that make any folder a project of this kind, wherever in a tree it lies. Without them only a tree's root is looked at. */
  readonly marks?: readonly string[];
  /** Null when the tree is not of this kind. Never throws on odd files: a broken manifest is null or a Project that fails when run. */
  detect(source: SourceView): Promise<Project | null>;
  /** A toolchain without it keeps no tests that a source brings along. `testRun` asked for `anyTest` of a file reports whatever it has. */
  ownTests?(paths: readonly string[]): OwnTests;
  testRun(request: {
    readonly files: readonly CheckFile[];
    readonly tests: readonly string[];
    readonly nonce: string;
    readonly timeoutMs: number;
  }): TestRun;
  /** Hosts of this toolchain's package registries. An agent's workspace reaches them, and phase 1 of a verification. */
  readonly registryHosts: readonly string[];
  /** True when what `install` said means that a registry could not be reached: the machine's trouble, not the project's. */
  unreachable(output: string): boolean;
  /** A sentence when what `install` or `build` said means that this machine's tools are too old for the project, with what mends it. Else null. */
  outdated?(output: string): string | null;
  /**
   * The oldest version of a tool that the project's manifest asks for, with the call that makes the tool say its own and a sentence
   * that says what mends it. Null when it asks for none. Asked before a run spends anything; `outdated` finds what this cannot tell.
   */
  leastVersion?(
    source: SourceView,
  ): Promise<{ readonly argv: readonly string[]; readonly version: string; readonly fix: string } | null>;
  /** Left out where each project's installation makes all that it needs. It may only make things faster: `install` does without. */
  readonly groundwork?: Groundwork;
  /** Commands that must exist in the sandbox, with the Debian package that brings each. */
  readonly needs: readonly { readonly command: string; readonly debianPackage: string }[];
}
