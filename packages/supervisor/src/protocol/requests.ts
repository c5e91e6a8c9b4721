/** Name of a file on the wire: text, or base64 of the bytes where they are not UTF-8. Relative to the workspace. */
export interface WirePath {
  readonly path: string;
  readonly raw: boolean;
}

export interface ExecRequest {
  readonly op: 'exec';
  /** The host's name for this task; also marks its processes. */
  readonly task: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Bytes on stdin follow as data, until the host ends its direction of the channel. */
  readonly stdin: boolean;
  readonly timeoutMs: number;
  readonly outputBytes: number;
  /** Output is reported while the process runs. */
  readonly live: boolean;
}

/** A TCP port on the sandbox's loopback, or the absolute path of a unix socket in it. */
export type ConnectTarget = number | { readonly socket: string };

/** Columns and rows of a terminal. */
export interface TerminalSize {
  readonly cols: number;
  readonly rows: number;
}

/**
 * A program on a terminal of its own. The screen comes as data, then one message with the end; what is typed follows as data, a new
 * size as a message. The host's end of the channel hangs up.
 */
export interface TerminalRequest extends TerminalSize {
  readonly op: 'terminal';
  readonly task: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** What the host asks for. Each opens a channel of its own; what follows on it is said in `inside/serve.ts`. */
export type Request =
  | ExecRequest
  | TerminalRequest
  /** Ends a task: at once, or with TERM first. What it answers on its own channel is the end. */
  | { readonly op: 'stop'; readonly task: string; readonly how: 'term' | 'kill' }
  /** Answered when every program that was asked for before was started. */
  | { readonly op: 'ping' }
  | { readonly op: 'ports' }
  | { readonly op: 'usage' }
  /** Tells the ports at once and whenever they change, until the host ends its direction. */
  | { readonly op: 'watchPorts' }
  | { readonly op: 'connect'; readonly to: ConnectTarget }
  | { readonly op: 'read'; readonly path: string; readonly raw: boolean; readonly maxBytes: number }
  /** `expected`: SHA-256 of the file that is replaced, null when none may be there; left out: whatever is there. */
  | {
      readonly op: 'write';
      readonly path: string;
      readonly size: number;
      readonly mode: number | null;
      readonly expected?: string | null;
    }
  | { readonly op: 'remove'; readonly path: string }
  | { readonly op: 'list'; readonly path: string }
  /** `since`: number of an earlier walk whose answer the host still has; null to be told everything. */
  | { readonly op: 'walk'; readonly since: number | null }
  | { readonly op: 'readMany'; readonly maxBytes: number }
  | (WirePath & { readonly op: 'readPart'; readonly offset: number; readonly length: number })
  | (WirePath & {
      readonly op: 'writePart';
      readonly offset: number;
      readonly size: number;
      readonly mtimeMs: number | null;
    })
  | { readonly op: 'putMany' }
  | { readonly op: 'removeMany' };

/** What the sandbox opens a channel for: once to say that it stands, then for each connection to the host's egress proxy or its model proxy. */
export interface SandboxRequest {
  readonly op: 'ready' | 'egress' | 'models';
}

/** Where the sandbox's egress proxy listens, for the programs inside. */
export const egressPort = 3128;
/** Where the model proxy listens, for agents inside. */
export const modelsPort = 3129;

/** What the driver tells the supervisor when it starts, as one JSON argument. */
export interface SupervisorSettings {
  readonly root: string;
  /** Inherited file descriptor of the connection. */
  readonly fd: number;
  readonly egress: boolean;
  /** The host answers for a model. */
  readonly models: boolean;
  /** Folders below the root that are mounted from elsewhere, relative: not part of the workspace's files. */
  readonly mounts: readonly string[];
  /** What the processes inside may hold together; null where a cgroup sees to it. */
  readonly memoryBytes: number | null;
  /** Further folders that count as the workspace's disk use. */
  readonly alsoMeasured: readonly string[];
}

/** What `putMany` is sent; a file's bytes follow as data. */
export type PutEntry =
  | (WirePath & {
      readonly type: 'file';
      readonly mode: number;
      readonly size: number;
      readonly mtimeMs: number | null;
    })
  | (WirePath & { readonly type: 'symlink'; readonly target: string })
  | (WirePath & { readonly type: 'directory'; readonly mode: number });
