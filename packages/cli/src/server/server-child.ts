import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { exitCodes } from '../exit-code.ts';
import { CliError, UsageError } from '../failure.ts';
import { backendProgram } from './backend-program.ts';

export interface ServerChildOptions {
  readonly dataDir: string;
  readonly port: number;
  /** False: without VS Code. Default: as the environment says. */
  readonly ide?: boolean;
  /** Where its log goes: to our stderr, or kept to tell why it did not start. */
  readonly log: 'shown' | 'kept';
}

/** A server that this process started and that ends with it, even when this process is killed. */
export interface ServerChild {
  /** Resolves with its exit code, as a shell counts it. */
  readonly exited: Promise<number>;
  /** Ends it in order. */
  readonly stop: () => void;
  /** Ends it at once; nothing committed is lost. */
  readonly kill: () => void;
}

const keptLines = 30;

/** Starts a server and resolves when it has said that it is ready. Throws CliError with its last words when it ends before. */
export async function startServerChild(options: ServerChildOptions): Promise<ServerChild> {
  const entry = backendProgram('serve');
  const args = [
    '--enable-source-maps',
    entry,
    '--data-dir',
    options.dataDir,
    '--port',
    String(options.port),
    '--with-parent',
    ...(options.ide === false ? ['--no-ide'] : []),
  ];
  // In a group of its own: Ctrl-C is ours to hear, and ends the server in order. Its stdin closes when we die.
  const child = spawn(process.execPath, args, {
    stdio: ['pipe', 'pipe', options.log === 'shown' ? 'inherit' : 'pipe'],
    detached: true,
    // A person at a terminal is told of trouble only; a file or a journal gets a line per request.
    env: options.log === 'shown' && process.stderr.isTTY ? { DEVFACTORY_LOG: 'warn', ...process.env } : process.env,
  });
  const exited = new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? (signal === 'SIGKILL' ? 137 : 1)));
  });
  const lastWords = keepLastWords(child);
  const failed = exited.then((code) => {
    // What was typed cannot be meant; its own words say what, and stand above when its log is shown.
    if (code === exitCodes.usage)
      throw new UsageError(lastWords.join('\n').replace(/^devfactory: /, '') || 'Nothing was started.');
    throw new CliError(
      `The server did not start (exit code ${code}).${lastWords.length > 0 ? `\n${lastWords.join('\n')}` : ''}`,
    );
  });
  await Promise.race([readyLine(child), failed]);
  return { exited, stop: () => void child.kill('SIGTERM'), kill: () => void child.kill('SIGKILL') };
}

/** The first line on its stdout; what it says is in server.json too. */
function readyLine(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.stdout) createInterface({ input: child.stdout }).on('line', () => resolve());
  });
}

function keepLastWords(child: ChildProcess): string[] {
  const lines: string[] = [];
  if (!child.stderr) return lines;
  createInterface({ input: child.stderr }).on('line', (line) => {
    lines.push(line);
    if (lines.length > keptLines) lines.shift();
  });
  return lines;
}
