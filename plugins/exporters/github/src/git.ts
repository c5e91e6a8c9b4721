import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { DomainError } from '@devfactory/kit';
import type { GitHubSettings } from './settings.ts';

/** What git said when it did not end well, without secrets. */
export class GitFailure extends Error {
  override readonly name = 'GitFailure';
}

interface GitParts {
  readonly settings: GitHubSettings;
  /** An empty folder of ours. */
  readonly directory: string;
  readonly redact: (text: string) => string;
  readonly signal: AbortSignal;
}

interface Call {
  readonly input?: AsyncIterable<Uint8Array | string>;
  /** What it may end with. Default: 0. */
  readonly ends?: readonly number[];
}

const timeoutMs = 600_000;
const passedOn = [
  'PATH',
  'https_proxy',
  'HTTPS_PROXY',
  'http_proxy',
  'no_proxy',
  'NO_PROXY',
  'SSL_CERT_FILE',
  'GIT_SSL_CAINFO',
];

/**
 * Git in a bare repository of our own. It sees no configuration of this machine or its user, runs no hooks, follows no redirects and
 * speaks to one host only. The token is in its environment, never in an argument, an address or a file.
 */
export class Git {
  readonly #parts: GitParts;

  private constructor(parts: GitParts) {
    this.#parts = parts;
  }

  static async create(parts: GitParts): Promise<Git> {
    const git = new Git(parts);
    await git.run(['init', '--quiet', '--bare', '--template=', '--object-format=sha1', '.']);
    return git;
  }

  /** Gives stdout. Throws GitFailure. */
  async run(args: readonly string[], call: Call = {}): Promise<string> {
    let said = '';
    const decoder = new TextDecoder();
    for await (const chunk of this.stream(args, call)) said += decoder.decode(chunk, { stream: true });
    return said + decoder.decode();
  }

  /** Gives stdout as it comes; ends git when nobody reads on. Throws GitFailure at its end. */
  async *stream(args: readonly string[], { input, ends = [0] }: Call = {}): AsyncIterable<Uint8Array> {
    const { directory, signal, redact } = this.#parts;
    signal.throwIfAborted();
    const child = spawn('git', args, { cwd: directory, env: this.#environment(), detached: true });
    // The group: git leaves the talking to a child of its own.
    const kill = () => child.pid !== undefined && killGroup(child.pid);
    const timer = setTimeout(kill, timeoutMs);
    signal.addEventListener('abort', kill);
    const feeding = pipeline(input ?? [], child.stdin).catch((error: unknown) => {
      kill();
      return error;
    });
    const ended = Promise.all([text(child.stderr), once(child, 'close') as Promise<[number | null]>, feeding]);
    // Seen below, or by nobody where reading ended before.
    ended.catch(() => undefined);
    try {
      yield* child.stdout as AsyncIterable<Uint8Array>;
      const [stderr, [code], fault] = await ended;
      signal.throwIfAborted();
      // A broken pipe is what git's own end looks like from here; its words say more.
      if (
        fault instanceof Error &&
        !('code' in fault && ['EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'].includes(String(fault.code)))
      )
        throw fault;
      if (code === null || !ends.includes(code))
        throw new GitFailure(redact(stderr.slice(-4000)).trim() || `git ended with ${code ?? 'a signal'}`);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
        throw new DomainError('git_not_installed', 'unavailable', {
          message: 'There is no git on this machine. Install it (apt-get install git), then deliver again.',
        });
      throw error;
    } finally {
      if (child.exitCode === null && child.signalCode === null) kill();
      clearTimeout(timer);
      signal.removeEventListener('abort', kill);
    }
  }

  #environment(): NodeJS.ProcessEnv {
    const { directory, settings } = this.#parts;
    const { protocol } = new URL(settings.web);
    const basic = Buffer.from(`x-access-token:${settings.token}`).toString('base64');
    const config = [
      [`http.${settings.web}/.extraHeader`, `Authorization: Basic ${basic}`],
      ['http.followRedirects', 'false'],
      ['credential.helper', ''],
      ['core.hooksPath', '/dev/null'],
      ['core.quotePath', 'false'],
      ['transfer.fsckObjects', 'true'],
      ['gc.auto', '0'],
      // A line so slow for so long is a line that was cut.
      ['http.lowSpeedLimit', '100'],
      ['http.lowSpeedTime', '60'],
    ];
    return {
      ...Object.fromEntries(
        passedOn.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
      ),
      HOME: directory,
      LC_ALL: 'C',
      GIT_DIR: directory,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_ALLOW_PROTOCOL: protocol.slice(0, -1),
      GIT_TERMINAL_PROMPT: '0',
      GIT_CONFIG_COUNT: String(config.length),
      ...Object.fromEntries(
        config.flatMap(([key, value], index) => [
          [`GIT_CONFIG_KEY_${index}`, key],
          [`GIT_CONFIG_VALUE_${index}`, value],
        ]),
      ),
    };
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
