import { randomBytes } from 'node:crypto';
import { counted, type TestCheck } from '@devfactory/contracts';
import { type ExecResult, runnerFolder } from '@devfactory/kit';
import { projectOf } from '../../projects/detect-projects.ts';
import { testRunIn } from '../../projects/in-folder.ts';
import { commandLine, tail } from '../log.ts';
import { failed, inconclusive, type Outcome, passed } from '../outcome.ts';
import { changedLocked, openCheckSandbox, type Ready } from '../sandbox/check-sandbox.ts';
import { inProject } from '../sandbox/verifying.ts';
import type { Execution } from './execution.ts';

/** Reports must not be lost to what the code under check prints. */
const outputBytes = 8 * 1024 * 1024;

/**
 * Calls the test runner with the verifier's own configuration. Only ids that the runner itself reports as run and passed count;
 * what the process prints beside that, files it leaves and its exit code say nothing.
 */
export async function testCheck(execution: Execution<TestCheck>): Promise<Outcome> {
  const { verifying, prepared, check, spec, sandbox, log } = execution;
  const recognised = projectOf(prepared.recognised, spec);
  if (!recognised) return notOfThisKind(execution);
  const run = testRunIn(recognised.toolchain, recognised.folder, {
    files: spec.files,
    tests: spec.tests,
    nonce: randomBytes(32).toString('hex'),
    timeoutMs: check.timeoutMs,
  });
  const command = commandLine(run.command.argv);
  const mounts = [{ ...(await verifying.runners.of(run.runnerFiles)), at: runnerFolder }];
  const workspace = await openCheckSandbox(verifying, { id: sandbox, prepared, files: spec.files, mounts });
  log.line(`$ ${command}`);
  const answer = await workspace.exec(
    { ...inProject(run.command, installedBins(prepared)), stdin: run.stdin, outputBytes },
    verifying.signal,
  );
  const tests = [...run.outcomes(answer)];
  const result = readable(answer);
  log.result(result);
  for (const { id, outcome } of tests) log.line(`${outcome}: ${id}`);
  const words = { command, exitCode: result.exitCode, tests };
  const trouble = run.trouble(answer);
  if (trouble !== null) return inconclusive({ ...words, excerpt: trouble });
  if (result.timedOut)
    return failed('timeout', { ...words, excerpt: `Did not end within ${check.timeoutMs} ms.\n${tail(result)}` });
  const changed = await changedLocked(workspace, spec.files);
  if (changed !== null)
    return failed('assertion', {
      ...words,
      excerpt: `The code under check changed the locked file ${changed} while it ran.`,
    });
  const deception = run.deception?.(answer) ?? null;
  if (deception !== null) return failed('assertion', { ...words, excerpt: `${deception}\n${tail(result)}` });
  return judged({ ...words, excerpt: tail(result) });
}

/** Programs that the project's own build made must not stand in for the runner or the tools that it calls. */
export function installedBins({ binPaths, mountedPaths }: Ready): string[] {
  return binPaths.filter((path) => mountedPaths.some((mounted) => `${path}/`.startsWith(`${mounted}/`)));
}

/** The same without the runner's signed lines, which say nothing to a person. */
function readable(result: ExecResult): ExecResult {
  return { ...result, stdout: result.stdout.replaceAll(/\n?^@@devfactory [^\n]*$/gm, '') };
}

function judged(words: {
  readonly command: string;
  readonly exitCode: number | null;
  readonly tests: { id: string; outcome: 'passed' | 'failed' | 'skipped' | 'missing' }[];
  readonly excerpt: string;
}): Outcome {
  const bad = words.tests.filter(({ outcome }) => outcome !== 'passed');
  if (words.tests.length > 0 && bad.length === 0)
    return passed({ ...words, excerpt: `${counted(words.tests.length, 'test')} ran and passed.` });
  const list = bad
    .slice(0, 10)
    .map(({ id, outcome }) => `${outcome}: ${id}`)
    .join('\n');
  // Where nothing reported anything, the tests could not even be loaded.
  const absent = bad.length > 0 && words.tests.every(({ outcome }) => outcome === 'missing');
  return failed(absent ? 'absent' : 'assertion', { ...words, excerpt: `${list}\n${words.excerpt}` });
}

function notOfThisKind({ verifying, spec }: Execution<TestCheck>): Outcome {
  const toolchain = verifying.deps.toolchains.find(({ id }) => id === spec.toolchain);
  const command = `tests with ${spec.toolchain}`;
  if (toolchain) return failed('absent', { command, excerpt: `The tree is no ${toolchain.title} project.` });
  const known = verifying.deps.toolchains.map(({ id }) => id).join(', ');
  return inconclusive({ command, excerpt: `There is no toolchain ${spec.toolchain} here. Known: ${known}.` });
}
