import type { Duplex } from 'node:stream';

/** What a workspace may use. Bytes, counts and shares of one core. */
export interface WorkspaceLimits {
  readonly memoryBytes: number;
  readonly processes: number;
  /** 1 = one whole core. */
  readonly cpus: number;
  readonly diskBytes: number;
  readonly files: number;
  readonly tmpBytes: number;
}

/** Read-only sight of a closed workspace's folder inside another, e.g. installed dependencies for a check. */
export interface WorkspaceMount {
  /** Id of a workspace of the same driver. */
  readonly workspace: string;
  /** Folder in it, relative; '.' is all of it. Refused when any part is a symlink. */
  readonly path: string;
  /** Absolute path in the new sandbox: below /workspace/ or /mnt/. */
  readonly at: string;
  /** Folders below it, relative to it, that are empty and can be written in the new sandbox, and end with it. One that is not there is passed over. */
  readonly scratch?: readonly string[];
}

export interface WorkspaceSpec {
  /** [a-z0-9-]{1,60}. Opening the same id again finds the same files. */
  readonly id: string;
  readonly limits: WorkspaceLimits;
  /** Hosts that may be reached ('registry.example', '*.example'), on ports 80 and 443. Empty: loopback only. */
  readonly egress: readonly string[];
  readonly mounts?: readonly WorkspaceMount[];
  /**
   * Takes each connection that is made inside to `Workspace.modelsUrl`: the way to models, and in a sandbox that holds nothing but a browser
   * the way to what it shows. Left out: nothing listens there.
   */
  readonly models?: (connection: Duplex) => void;
  /** Environment of every command beside the driver's own minimal one. Never secrets. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface ExecSpec {
  readonly argv: readonly string[];
  /** Relative to /workspace; default '.'. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | Uint8Array;
  /** Milliseconds; the whole process group is killed after it. */
  readonly timeoutMs: number;
  /** Bytes kept of stdout and stderr each, head and tail; the rest is counted and dropped. Default 1 MiB. */
  readonly outputBytes?: number;
}

export interface ExecResult {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly timedOut: boolean;
  readonly stdout: string;
  readonly stderr: string;
  /** Bytes that were dropped, of both streams. */
  readonly dropped: number;
  readonly durationMs: number;
}

/** A process that goes on, e.g. the app under check. */
export interface BackgroundProcess {
  readonly exited: Promise<ExecResult>;
  /** stdout and stderr so far, capped like ExecSpec.outputBytes. */
  output(): string;
  /** Ends the whole process group (TERM, then KILL); resolves when it is gone. */
  kill(): Promise<void>;
}

/** Columns and rows of a terminal, 1 to 1000 each. */
export interface TerminalSize {
  readonly cols: number;
  readonly rows: number;
}

export interface TerminalSpec extends TerminalSize {
  readonly argv: readonly string[];
  /** Relative to /workspace; default '.'. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A program on a terminal of its own, e.g. a person's shell. Its end is the end of everything it started. */
export interface WorkspaceTerminal {
  /** What the programs write on the screen, for one reader. What is not read holds them up. Throws workspace_gone, and terminal_unavailable at once. */
  readonly output: AsyncIterable<Uint8Array>;
  /** Settles when `output` was read to its end. */
  readonly exited: Promise<{ readonly exitCode: number | null; readonly signal: string | null }>;
  /** What is typed. Resolves when it may go on: a program that does not read holds its writer up. Throws terminal_ended. */
  write(bytes: Uint8Array): Promise<void>;
  resize(size: TerminalSize): Promise<void>;
  kill(): Promise<void>;
}

export interface WalkEntry {
  /** Path relative to /workspace. Names that are not valid UTF-8: base64 of the bytes, with raw true. */
  readonly path: string;
  readonly raw: boolean;
  readonly type: 'file' | 'symlink' | 'directory' | 'special';
  readonly mode: number;
  readonly size: number;
  readonly mtimeMs: number;
  /** Changes whenever content may have changed: of mtime, ctime, size and inode. */
  readonly stamp: string;
  /** For symlinks. */
  readonly target: string | null;
  /** For files and folders that could not be read, the system's word for it. */
  readonly unreadable: string | null;
}

/** Everything the walk saw. Folders named in `leftOut` are re-creatable caches and were not entered. */
export interface Walk {
  readonly entries: readonly WalkEntry[];
  readonly leftOut: readonly string[];
}

/** What was read of a file. */
export interface ReadPart {
  readonly bytes: Uint8Array | null;
  /** As of after the reading. */
  readonly stamp: string;
  /** The file changed so shortly before that a later change could leave its stamp as it is: an equal stamp proves nothing. */
  readonly fresh: boolean;
}

export interface WorkspaceFiles {
  /** Throws DomainError file_missing, not_a_file, too_large. Never follows a symlink out of /workspace. */
  read(path: string, options?: { readonly maxBytes?: number }): Promise<Uint8Array>;
  /**
   * Makes parent folders; atomic; keeps the mode of a file that exists unless one is given. Refuses to write through a symlink.
   * With `expected`, the SHA-256 of what is replaced (null: nothing is there), it throws file_changed where something else is.
   */
  write(
    path: string,
    bytes: Uint8Array,
    options?: { readonly mode?: number; readonly expected?: string | null },
  ): Promise<void>;
  remove(path: string): Promise<void>;
  list(path: string): Promise<readonly WalkEntry[]>;
  /**
   * Depth first, siblings in byte order. Processes of the workspace are frozen meanwhile where the driver can. An entry that did not
   * change since the walk before may be the same object.
   */
  walk(): Promise<Walk>;
  /** Contents of many files, in the order asked for, streamed. A file that is gone or unreadable comes with null bytes. */
  readMany(
    paths: readonly { readonly path: string; readonly raw: boolean }[],
  ): AsyncIterable<ReadPart & { readonly path: string }>;
  /**
   * A part of a file, shorter only at its end; null bytes when it is gone or unreadable.
   * A driver without it gives large files whole, through memory.
   */
  readPart?(
    file: { readonly path: string; readonly raw: boolean },
    range: { readonly offset: number; readonly length: number },
  ): Promise<ReadPart>;
  /** Writes into a regular file that exists, from `offset` on, and sets its mtime. Never through a symlink. The counterpart of readPart. */
  writePart?(
    file: { readonly path: string; readonly raw: boolean },
    part: { readonly offset: number; readonly bytes: Uint8Array; readonly mtimeMs: number | null },
  ): Promise<void>;
  /** Lays entries down: folders, files, symlinks with their modes. Existing files are replaced. */
  putMany(entries: AsyncIterable<RestoreEntry> | Iterable<RestoreEntry>): Promise<void>;
  /** Removes exactly these paths, deepest first; a folder that still holds something else stays. */
  removeMany(paths: readonly { readonly path: string; readonly raw: boolean }[]): Promise<void>;
}

export type RestoreEntry =
  | {
      readonly type: 'file';
      readonly path: string;
      readonly raw: boolean;
      readonly mode: number;
      readonly bytes: Uint8Array;
      readonly mtimeMs: number | null;
    }
  | { readonly type: 'symlink'; readonly path: string; readonly raw: boolean; readonly target: string }
  | { readonly type: 'directory'; readonly path: string; readonly raw: boolean; readonly mode: number };

export interface EgressDecision {
  readonly host: string;
  readonly port: number;
  readonly allowed: boolean;
}

/** A TCP port on the sandbox's loopback, or the absolute path of a unix socket as the sandbox sees it. */
export type ConnectTarget = number | { readonly socket: string };

/** One open sandbox. After `close`, or when its supervisor dies, every call throws DomainError workspace_gone. */
export interface Workspace {
  readonly id: string;
  readonly files: WorkspaceFiles;
  /** Limits asked for that this machine does not enforce, in words. */
  readonly notEnforced: readonly string[];
  exec(spec: ExecSpec, signal?: AbortSignal): Promise<ExecResult>;
  /** Where several hold one sandbox, a process ends with the hold that started it; with `lasting` only with the sandbox, or when it is killed. */
  start(spec: ExecSpec, options?: { readonly lasting?: boolean }): Promise<BackgroundProcess>;
  terminal(spec: TerminalSpec): Promise<WorkspaceTerminal>;
  /** TCP ports that something in the sandbox listens on. */
  ports(): Promise<readonly number[]>;
  /**
   * The same ports at once and again whenever they change, within a second, until the reader stops or the signal aborts. Costs nothing
   * while nobody reads. Throws DomainError workspace_gone when the sandbox ends meanwhile.
   */
  watchPorts(signal: AbortSignal): AsyncIterable<readonly number[]>;
  /** A raw connection to what listens in the sandbox. Throws DomainError port_closed when nothing does. */
  connect(to: ConnectTarget): Promise<Duplex>;
  /** Where programs inside reach what `WorkspaceSpec.models` takes, without a path. */
  readonly modelsUrl?: string;
  /** Decisions of the egress proxy since the last call. */
  egressDecisions(): readonly EgressDecision[];
  /** Resolves with a sentence when the sandbox ends by itself (killed, out of memory, out of disk). */
  readonly gone: Promise<string>;
  /** Ends every process of the sandbox. Files stay. May be called twice. */
  close(): Promise<void>;
}

export interface ProbeReport {
  readonly usable: boolean;
  /** What was found, in words; when not usable, why. */
  readonly found: string;
  /** Command or sentence that mends it; empty when nothing is to do. */
  readonly fix: string;
  readonly notEnforced: readonly string[];
}

/** Provides workspaces. Implementations never let a command run outside of their sandbox: what cannot be walled is refused. */
export interface WorkspaceDriver {
  readonly id: string;
  /** Tries the real profile, the way `open` will use it. */
  probe(): Promise<ProbeReport>;
  /** Throws DomainError workspace_unavailable, workspace_busy, disk_full. */
  open(spec: WorkspaceSpec): Promise<Workspace>;
  /** Removes the files of a closed workspace. Unknown ids are no error. */
  remove(id: string): Promise<void>;
  /** What a workspace takes on this machine's disk; null when it has no files here. A driver without it does not measure. */
  usage?(id: string): Promise<{ readonly bytes: number; readonly files: number } | null>;
  /** Ids that have files here. */
  list(): Promise<readonly string[]>;
}
