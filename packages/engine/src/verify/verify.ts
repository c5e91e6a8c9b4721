import type { Evidence } from '@devfactory/contracts';
import { DomainError } from '@devfactory/kit';
import { openSourceTree } from '../checkpoints/index.ts';
import type { EgressSum } from '../egress-sums.ts';
import { inconclusive } from './outcome.ts';
import { pool } from './pool.ts';
import { prepare, type Prepared } from './prepare/prepare.ts';
import { defaultCheckLimits, type Verification, type VerifyDeps, type VerifyRequest } from './request.ts';
import { runCheck } from './run-check.ts';
import { removeAbandoned, Sandboxes } from './sandbox/sandboxes.ts';
import type { Verifying } from './sandbox/verifying.ts';

/** Checks that run at the same time. */
const width = 2;

/**
 * Runs locked checks on a checkpoint's source tree, in fresh sandboxes with no agent, no secrets and no way out, and gives one
 * evidence for each. What the code under check does never makes it throw. Iterating throws DomainError verification_interrupted when
 * `signal` aborts, and what the checkpoint's own store throws. However it ends, its sandboxes are removed.
 */
export function verify(deps: VerifyDeps, request: VerifyRequest, signal: AbortSignal): Verification {
  const sandboxes = new Sandboxes(deps.driver, { ...defaultCheckLimits, ...request.limits });
  return {
    [Symbol.asyncIterator]: () => evidenceOf({ deps, request, sandboxes }, signal),
    egress: (): readonly EgressSum[] => sandboxes.egress(),
    notEnforced: () => sandboxes.notEnforced(),
  };
}

async function* evidenceOf(
  given: Pick<Verifying, 'deps' | 'request' | 'sandboxes'>,
  signal: AbortSignal,
): AsyncGenerator<Evidence, void, void> {
  const { deps, request, sandboxes } = given;
  // A consumer that stops early ends the checks that still run as well.
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  const running = new Set<Promise<unknown>>();
  try {
    const tree = await openSourceTree(deps.blobs, request.checkpoint);
    const verifying: Verifying = { ...given, tree, signal: both };
    let preparing: Promise<Prepared> | undefined;
    const prepared = (): Promise<Prepared> => (preparing ??= prepareOrSay(verifying));
    const work = async (entry: VerifyRequest['checks'][number]): Promise<Evidence> => {
      both.throwIfAborted();
      const result = runCheck(verifying, { entry, prepared });
      running.add(result);
      return result.finally(() => running.delete(result));
    };
    yield* pool(request.checks, width, work);
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new DomainError('verification_interrupted', 'conflict', {
      message: `Verification ${request.verificationId} was interrupted.`,
      cause: error,
    });
  } finally {
    stop.abort();
    // Closing the sandboxes is what makes running checks end.
    await sandboxes.removeAll();
    await Promise.allSettled(running);
    await sandboxes.removeAll();
  }
}

/** Trouble with the surroundings is an answer too: the same for every check that needs a sandbox. */
async function prepareOrSay(verifying: Verifying): Promise<Prepared> {
  try {
    await removeAbandoned(verifying.deps.driver, verifying.request.runId);
    return await prepare(verifying);
  } catch (error) {
    if (verifying.signal.aborted || !(error instanceof DomainError)) throw error;
    const excerpt = `${error.message} Run "devfactory doctor", then verify again.`;
    return { status: 'not-ready', outcome: inconclusive({ command: 'prepare the tree', excerpt }), story: '' };
  }
}
