import { DomainError } from '@devfactory/kit';
import { openSourceTree } from '../checkpoints/index.ts';
import { expectRunners, Runners } from './checks/runners.ts';
import { inconclusive } from './outcome.ts';
import { lockedTests } from './prepare/locked-spec.ts';
import { prepare, type Prepared } from './prepare/prepare.ts';
import { planOf } from './request.ts';
import { removeAbandoned } from './sandbox/sandboxes.ts';
import type { Verifying } from './sandbox/verifying.ts';
import { Scopes } from './scope/scopes.ts';

/** What one verification's work finds in its room. */
export interface Room {
  readonly verifying: Verifying;
  /** The tree installed and built; made when first asked for. */
  readonly prepared: () => Promise<Prepared>;
  /** Work that has to be over before the room is given up. */
  readonly track: <T>(work: Promise<T>) => Promise<T>;
}

/**
 * Opens a checkpoint's source tree for `work` and gives what it yields. Throws DomainError verification_interrupted when `signal`
 * aborts, and what the checkpoint's own store throws. However it ends, the sandboxes are removed.
 */
export async function* inCleanRoom<T>(
  given: Pick<Verifying, 'deps' | 'request' | 'sandboxes'>,
  signal: AbortSignal,
  work: (room: Room) => AsyncGenerator<T, void, void>,
): AsyncGenerator<T, void, void> {
  const { deps, request, sandboxes } = given;
  // A consumer that stops early ends what still runs as well.
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  const running = new Set<Promise<unknown>>();
  const track = <R>(promise: Promise<R>): Promise<R> => {
    running.add(promise);
    return promise.finally(() => running.delete(promise));
  };
  try {
    const tree = request.tree ?? (await openSourceTree(deps.blobs, request.checkpoint));
    const scopes = new Scopes(deps, tree, planOf(request));
    const verifying: Verifying = { ...given, tree, signal: both, runners: new Runners(sandboxes, request), scopes };
    let preparing: Promise<Prepared> | undefined;
    yield* work({ verifying, prepared: () => (preparing ??= prepareOrSay(verifying)), track });
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
    const prepared = await prepare(verifying);
    if (prepared.status === 'not-ready') return prepared;
    const checks = verifying.request.checks.map(({ check }) => check);
    expectRunners(verifying.runners, prepared.recognised, await lockedTests(verifying.deps.blobs, checks));
    return prepared;
  } catch (error) {
    if (verifying.signal.aborted || !(error instanceof DomainError)) throw error;
    const excerpt = `${error.message} Run "devfactory doctor", then verify again.`;
    return { status: 'not-ready', outcome: inconclusive({ command: 'prepare the tree', excerpt }), story: '' };
  }
}
