import { type Check, counted, type Evidence, limits, vantageOf } from '@devfactory/contracts';
import { DomainError } from '@devfactory/kit';
import type { Execution } from './checks/execution.ts';
import { fileCheck } from './checks/file-check.ts';
import { settled } from './execute.ts';
import { CheckLog, cut } from './log.ts';
import { failed, inconclusive, type Outcome } from './outcome.ts';
import { lockedSpec } from './prepare/locked-spec.ts';
import type { Prepared } from './prepare/prepare.ts';
import type { VerifyRequest } from './request.ts';
import { sandboxId } from './sandbox/sandboxes.ts';
import type { Verifying } from './sandbox/verifying.ts';

interface Running {
  readonly verifying: Verifying;
  /** Asked once; the same promise for all checks of the verification. */
  readonly prepared: () => Promise<Prepared>;
  readonly check: Check;
  readonly log: CheckLog;
}

/** `inputs`: what the answer hangs on, where that is less than the whole tree. */
type Judged = Outcome & { readonly executions: number; readonly inputs?: string };

/** Runs one locked check, twice where it passes, and makes the evidence of it. Rejects only when the verification was ended or by a bug. */
export async function runCheck(
  verifying: Verifying,
  { entry, prepared }: { readonly entry: VerifyRequest['checks'][number]; readonly prepared: () => Promise<Prepared> },
): Promise<Evidence> {
  const { check, requirementVersion } = entry;
  const { request, tree, deps } = verifying;
  const log = new CheckLog();
  const began = performance.now();
  const judged = await judge({ verifying, prepared, check, log });
  const durationMs = Math.round(performance.now() - began);
  log.line(`${judged.verdict}${judged.cause === null ? '' : ` (${judged.cause})`}: ${judged.excerpt}`);
  const output = await deps.blobs.put(Buffer.from(log.text().toWellFormed(), 'utf8'));
  return {
    id: `${request.verificationId}-${check.id}`,
    verificationId: request.verificationId,
    checkId: check.id,
    checkVersion: check.version,
    checkDigest: check.spec,
    requirementId: check.requirementId,
    requirementVersion,
    checkpointId: request.checkpoint.id,
    tree: tree.hash,
    onBase: request.onBase,
    verdict: judged.verdict,
    cause: judged.cause,
    vantage: vantageOf(check.kind),
    command: judged.command.slice(0, 2000).toWellFormed(),
    exitCode: judged.exitCode,
    durationMs,
    executions: judged.executions,
    excerpt: cut(judged.excerpt, limits.excerptBytes),
    output,
    ...(judged.tests === undefined ? {} : { tests: judged.tests }),
    ...(judged.screenshots === undefined ? {} : { screenshots: judged.screenshots }),
    ...(judged.inputs === undefined ? {} : { inputs: judged.inputs, executedAt: new Date().toISOString() }),
  };
}

async function judge(running: Running): Promise<Judged> {
  try {
    return await confirmed(running);
  } catch (error) {
    if (running.verifying.signal.aborted || !(error instanceof DomainError)) throw error;
    // Whatever kept the verifier from looking is no statement about the code.
    return {
      ...inconclusive({
        command: running.check.title,
        excerpt: `${error.message} Run "devfactory doctor", then verify again.`,
      }),
      executions: 0,
    };
  }
}

/** One execution on all of the tree, which is enough to see whether a known answer holds elsewhere. Rejects as `runCheck` does. */
export async function tryCheck(running: Running): Promise<Outcome> {
  const { verifying, check, log } = running;
  try {
    const spec = await lockedSpec(verifying.deps.blobs, check);
    if (spec.kind === 'file') return await fileCheck({ tree: verifying.tree, spec, log });
    const prepared = await running.prepared();
    if (prepared.status === 'not-ready') return prepared.outcome;
    return await settled({ verifying, prepared, check, log, spec, sandbox: sandboxOf(verifying, check, '1') });
  } catch (error) {
    if (verifying.signal.aborted || !(error instanceof DomainError)) throw error;
    return inconclusive({ command: check.title, excerpt: error.message });
  }
}

/** A pass counts when a second execution in another fresh sandbox gives it again. */
async function confirmed(running: Running): Promise<Judged> {
  const { verifying, check, log } = running;
  const spec = await lockedSpec(verifying.deps.blobs, check);
  if (spec.kind === 'file') return { ...(await fileCheck({ tree: verifying.tree, spec, log })), executions: 1 };
  const prepared = await running.prepared();
  log.line(prepared.story);
  if (prepared.status === 'not-ready') return { ...prepared.outcome, executions: 0 };
  const execution = { verifying, prepared, check, log };
  return (await onItsPart({ ...execution, spec })) ?? onAll({ ...execution, spec });
}

/**
 * A check that cannot name all of the tree's code is asked without the rest of it first. When it passes there twice, that is its answer,
 * for every tree of which it sees the same. Null when it does not: then it is asked on all of the tree.
 */
async function onItsPart(execution: Omit<Execution, 'sandbox'>): Promise<Judged | null> {
  const { verifying, check, log } = execution;
  const scope = verifying.request.onBase ? null : await verifying.scopes.of(check);
  if (!scope) return null;
  log.line(`=== without ${counted(scope.leftOut, 'file')} of code that it does not name, twice`);
  const prepared = { ...execution.prepared, scope };
  let last: Outcome | null = null;
  for (const part of ['p1', 'p2'] as const) {
    last = await settled({ ...execution, prepared, sandbox: sandboxOf(verifying, check, part) });
    if (last.verdict === 'passed') continue;
    log.line(`It does not pass so (${last.excerpt}), so it is asked on all of the tree.`);
    return null;
  }
  return last && { ...last, executions: 2, inputs: scope.inputs };
}

async function onAll(execution: Omit<Execution, 'sandbox'>): Promise<Judged> {
  const { verifying, check, log } = execution;
  log.line('=== execution 1');
  const first = await settled({ ...execution, sandbox: sandboxOf(verifying, check, '1') });
  if (first.verdict !== 'passed') return { ...first, executions: 1 };
  log.line('=== execution 2');
  const second = await settled({ ...execution, sandbox: sandboxOf(verifying, check, '2') });
  if (second.verdict !== 'failed') return { ...second, executions: 2 };
  const excerpt = `It passed once and failed once on the same tree.\n${second.excerpt}`;
  return { ...failed('flaky', { ...second, excerpt }), executions: 2 };
}

function sandboxOf({ request }: Verifying, check: Check, execution: '1' | '2' | 'p1' | 'p2'): string {
  return sandboxId(request, `${check.id.toLowerCase()}-${execution}`);
}
