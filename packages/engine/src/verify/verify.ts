import type { Evidence } from '@devfactory/contracts';
import type { EgressSum } from '../egress-sums.ts';
import { inCleanRoom, type Room } from './clean-room.ts';
import { atATime, pool } from './pool.ts';
import { defaultCheckLimits, type Verification, type VerifyDeps, type VerifyRequest } from './request.ts';
import { runCheck } from './run-check.ts';
import { Sandboxes } from './sandbox/sandboxes.ts';

/**
 * Runs locked checks on a checkpoint's source tree, in fresh sandboxes with no agent, no secrets and no way out, and gives one
 * evidence for each. What the code under check does never makes it throw. Iterating throws DomainError verification_interrupted when
 * `signal` aborts, and what the checkpoint's own store throws. However it ends, its sandboxes are removed.
 */
export function verify(deps: VerifyDeps, request: VerifyRequest, signal: AbortSignal): Verification {
  const sandboxes = new Sandboxes(deps.driver, { ...defaultCheckLimits, ...request.limits });
  return {
    [Symbol.asyncIterator]: () =>
      inCleanRoom({ deps, request, sandboxes }, signal, (room) => evidenceOf(room, request.checks)),
    egress: (): readonly EgressSum[] => sandboxes.egress(),
    notEnforced: () => sandboxes.notEnforced(),
  };
}

function evidenceOf(
  { verifying, prepared, track }: Room,
  checks: VerifyRequest['checks'],
): AsyncGenerator<Evidence, void, void> {
  return pool(checks, atATime(), async (entry) => {
    verifying.signal.throwIfAborted();
    return track(runCheck(verifying, { entry, prepared }));
  });
}
