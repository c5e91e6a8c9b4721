import type { Check, Checkpoint, Evidence } from '@devfactory/contracts';
import { openSourceTree } from '../../checkpoints/index.ts';
import { planOf, type VerifyDeps, type VerifyRequest } from '../request.ts';
import { Scopes } from './scopes.ts';

/** What was seen longer ago is asked again: clocks, registries and machines move on. */
const longestMs = 24 * 60 * 60 * 1000;

/**
 * Evidence for those of the request's checks that see on this tree what they saw when they last passed: the same answer, recorded for
 * this tree. Executes nothing. What is not in the result has to be executed. Throws what reading the checkpoint throws.
 */
export async function carryOver(
  deps: VerifyDeps,
  request: VerifyRequest,
  { known, now = Date.now() }: { readonly known: readonly Evidence[]; readonly now?: number },
): Promise<Evidence[]> {
  if (request.onBase) return [];
  const candidates = request.checks.flatMap((entry) => {
    const earlier = known.filter((item) => isCandidate(item, entry, now));
    return earlier.length > 0 ? [{ ...entry, earlier }] : [];
  });
  if (candidates.length === 0) return [];
  const tree = await openSourceTree(deps.blobs, request.checkpoint);
  const scopes = new Scopes(deps, tree, planOf(request));
  const carried: Evidence[] = [];
  for (const { check, earlier } of candidates) {
    const scope = await scopes.of(check);
    const same = scope && earlier.findLast((item) => item.inputs === scope.inputs);
    if (same)
      carried.push(repeated(same, { check, checkpoint: request.checkpoint, verificationId: request.verificationId }));
  }
  return carried;
}

function isCandidate(
  item: Evidence,
  { check, requirementVersion }: VerifyRequest['checks'][number],
  now: number,
): boolean {
  return (
    item.checkId === check.id &&
    item.checkVersion === check.version &&
    item.checkDigest === check.spec &&
    item.requirementVersion === requirementVersion &&
    !item.onBase &&
    item.verdict === 'passed' &&
    item.inputs !== undefined &&
    item.executedAt !== undefined &&
    now - Date.parse(item.executedAt) < longestMs
  );
}

function repeated(
  evidence: Evidence,
  {
    check,
    checkpoint,
    verificationId,
  }: { readonly check: Check; readonly checkpoint: Checkpoint; readonly verificationId: string },
): Evidence {
  // What was carried here itself names where it was executed.
  const { id, checkpointId, tree } = evidence;
  return {
    ...evidence,
    id: `${verificationId}-${check.id}`,
    verificationId,
    checkpointId: checkpoint.id,
    tree: checkpoint.tree,
    carriedFrom: evidence.carriedFrom ?? { id, checkpointId, tree },
  };
}
