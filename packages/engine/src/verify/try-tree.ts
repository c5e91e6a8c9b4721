import type { Check, Verdict } from '@devfactory/contracts';
import type { EgressSum } from '../egress-sums.ts';
import { inCleanRoom, type Room } from './clean-room.ts';
import { CheckLog } from './log.ts';
import type { Outcome } from './outcome.ts';
import { atATime, pool } from './pool.ts';
import { defaultCheckLimits, type VerifyDeps, type VerifyRequest } from './request.ts';
import { tryCheck } from './run-check.ts';
import { Sandboxes } from './sandbox/sandboxes.ts';

export interface TreeTrial {
  /** Why the tree could not be installed and built; null when it was. */
  readonly notBuilt: Outcome | null;
  readonly checks: readonly { readonly id: string; readonly verdict: Verdict; readonly excerpt: string }[];
  readonly story: string;
  readonly egress: readonly EgressSum[];
}

/**
 * Installs and builds a tree in fresh sandboxes and executes each check once. It is no evidence: for that a check has to pass twice, and
 * on a checkpoint. Throws as `verify` does.
 */
export async function tryTree(deps: VerifyDeps, request: VerifyRequest, signal: AbortSignal): Promise<TreeTrial> {
  const sandboxes = new Sandboxes(deps.driver, { ...defaultCheckLimits, ...request.limits });
  const story: string[] = [];
  const checks: TreeTrial['checks'][number][] = [];
  let notBuilt: Outcome | null = null;
  const tried = inCleanRoom({ deps, request, sandboxes }, signal, (room) => trials(room, request.checks));
  for await (const item of tried) {
    story.push(item.story);
    if (item.check === null) notBuilt = item.outcome;
    else checks.push({ id: item.check.id, verdict: item.outcome.verdict, excerpt: item.outcome.excerpt });
  }
  return { notBuilt, checks, story: story.join('\n'), egress: sandboxes.egress() };
}

type Tried =
  | { readonly check: null; readonly outcome: Outcome | null; readonly story: string }
  | { readonly check: Check; readonly outcome: Outcome; readonly story: string };

async function* trials(
  { verifying, prepared, track }: Room,
  checks: VerifyRequest['checks'],
): AsyncGenerator<Tried, void, void> {
  const built = await track(prepared());
  yield { check: null, outcome: built.status === 'ready' ? null : built.outcome, story: built.story };
  yield* pool(checks, atATime(), async ({ check }): Promise<Tried> => {
    verifying.signal.throwIfAborted();
    const log = new CheckLog();
    log.line(`=== ${check.id} ${check.title}`);
    const outcome = await track(tryCheck({ verifying, prepared, check, log }));
    log.line(`${outcome.verdict}: ${outcome.excerpt}`);
    return { check, outcome, story: log.text() };
  });
}
