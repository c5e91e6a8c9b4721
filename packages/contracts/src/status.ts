import type { Check } from './check.ts';
import type { Evidence } from './evidence.ts';
import { isWeak, type Mutation } from './mutation.ts';
import type { Requirement } from './requirement.ts';

/** Status of a requirement. Computed here and nowhere else. */
export type RequirementStatus = 'unchecked' | 'failing' | 'stale' | 'unproven' | 'weak' | 'proven';

export interface StatusInput {
  readonly requirement: Requirement;
  /** Locked checks of this requirement, latest versions. */
  readonly checks: readonly Check[];
  /** Evidence of this requirement, oldest first. */
  readonly evidence: readonly Evidence[];
  /** What mutants said about its checks, oldest first. */
  readonly mutations: readonly Mutation[];
  /** The source tree that is asked about; null before there is one. */
  readonly tree: string | null;
  /** The base's source tree; null before there is one. */
  readonly baseTree: string | null;
}

/** The first rule that applies, in the order of DESIGN section 3. */
export function requirementStatus(input: StatusInput): RequirementStatus {
  const { checks } = input;
  if (checks.length === 0) return 'unchecked';
  const standings = checks.map((check) => checkStanding(check, input));
  for (const status of ['failing', 'stale', 'unproven', 'weak'] as const) {
    if (standings.includes(status)) return status;
  }
  return 'proven';
}

/** The same question for a single check. */
export function checkStanding(check: Check, input: StatusInput): Exclude<RequirementStatus, 'unchecked'> {
  const { now, base } = evidenceFor(check, input);
  if (now && now.verdict !== 'passed') return 'failing';
  if (!now) return input.evidence.some((item) => item.checkId === check.id && !item.onBase) ? 'stale' : 'unproven';
  // Without knowing what the check says about the base it cannot be told whether it tells good from bad.
  if (!base || base.verdict === 'inconclusive') return 'unproven';
  // On the base tree itself a pass beside a failure only shows that the check answers as it likes.
  const tellsApart =
    check.intent === 'change' ? base.verdict === 'failed' && input.tree !== input.baseTree : base.verdict === 'passed';
  if (!tellsApart) return 'weak';
  const mutation = mutationFor(check, input);
  return mutation && isWeak(mutation) ? 'weak' : 'proven';
}

/** What a check's standing rests on: its latest evidence on this tree and on the base, of the present check and wording. */
export function evidenceFor(
  check: Check,
  input: StatusInput,
): { readonly now: Evidence | null; readonly base: Evidence | null } {
  const own = input.evidence.filter((item) => item.checkId === check.id && fits(item, check, input.requirement));
  return {
    now: own.findLast((item) => !item.onBase && item.tree === input.tree) ?? null,
    base: own.findLast((item) => item.onBase && item.tree === input.baseTree) ?? null,
  };
}

/** What mutants of this tree said about the check as it is locked now; null before they did. */
export function mutationFor(
  check: Check,
  { mutations, tree, baseTree }: Pick<StatusInput, 'mutations' | 'tree' | 'baseTree'>,
): Mutation | null {
  return (
    mutations.findLast(
      (item) =>
        item.checkId === check.id &&
        item.checkVersion === check.version &&
        item.checkDigest === check.spec &&
        item.tree === tree &&
        item.baseTree === baseTree,
    ) ?? null
  );
}

function fits(item: Evidence, check: Check, requirement: Requirement): boolean {
  return (
    item.checkVersion === check.version &&
    item.checkDigest === check.spec &&
    item.requirementVersion === requirement.version
  );
}
