import type { CommandCheck } from '@devfactory/contracts';
import type { ExecResult } from '@devfactory/kit';
import { commandLine, tail } from '../log.ts';
import { failed, inconclusive, type Outcome, passed } from '../outcome.ts';
import { openCheckSandbox } from '../sandbox/check-sandbox.ts';
import { inProject } from '../sandbox/verifying.ts';
import type { Execution } from './execution.ts';

/** Exit codes by which a shell says that there is nothing to run. */
const notRunnable = new Set([126, 127]);

/** Runs a command in a sandbox. What it printed and how it ended is judged here, on the host. */
export async function commandCheck({
  verifying,
  prepared,
  check,
  spec,
  sandbox,
  log,
}: Execution<CommandCheck>): Promise<Outcome> {
  const command = commandLine(spec.argv);
  const workspace = await openCheckSandbox(verifying, { id: sandbox, prepared, files: spec.files ?? [] });
  log.line(`$ ${command}`);
  const run = inProject({ argv: spec.argv, timeoutMs: check.timeoutMs }, prepared.binPaths);
  const result = await workspace.exec({ ...run, stdin: spec.stdin ?? '' }, verifying.signal);
  log.result(result);
  const words = { command, exitCode: result.exitCode };
  if (result.timedOut)
    return failed('timeout', { ...words, excerpt: `Did not end within ${check.timeoutMs} ms.\n${tail(result)}` });
  const difference = differs(spec, result);
  if (difference === null)
    return expectsOutput(spec) ? passed({ ...words, excerpt: tail(result) }) : exitCodeOnly(words);
  const cause =
    result.exitCode !== null && result.exitCode !== spec.expect.exitCode && notRunnable.has(result.exitCode)
      ? 'absent'
      : 'assertion';
  return failed(cause, { ...words, excerpt: `${difference}\n${tail(result)}` });
}

function expectsOutput({ expect }: CommandCheck): boolean {
  return [expect.stdoutIncludes, expect.stderrIncludes].some((texts) => (texts ?? []).some((text) => text !== ''));
}

/** Whatever runs can end with any code, right or not: `exit 0` in a script, os._exit(0) in an import. */
function exitCodeOnly(words: { readonly command: string; readonly exitCode: number | null }): Outcome {
  const excerpt =
    'The exit code is as expected, but an exit code alone proves nothing. Let the check also expect output that only the right behaviour prints (stdoutIncludes or stderrIncludes).';
  return inconclusive({ ...words, excerpt });
}

function differs({ expect }: CommandCheck, result: ExecResult): string | null {
  if (result.exitCode !== expect.exitCode) {
    const end = result.exitCode === null ? `was ended by ${result.signal}` : `exited with ${result.exitCode}`;
    return `Expected exit code ${expect.exitCode}, but it ${end}.`;
  }
  const lacking = (expect.stdoutIncludes ?? []).find((text) => !result.stdout.includes(text));
  if (lacking !== undefined) return `stdout should include ${JSON.stringify(lacking)}.`;
  const extra = (expect.stdoutExcludes ?? []).find((text) => result.stdout.includes(text));
  if (extra !== undefined) return `stdout should not include ${JSON.stringify(extra)}.`;
  const silent = (expect.stderrIncludes ?? []).find((text) => !result.stderr.includes(text));
  if (silent !== undefined) return `stderr should include ${JSON.stringify(silent)}.`;
  // What was dropped might have held what must not be there.
  if (result.dropped > 0 && (expect.stdoutExcludes ?? []).length > 0)
    return 'It printed more than is kept, so what it must not print cannot be ruled out.';
  return null;
}
