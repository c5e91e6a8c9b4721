import { counted, fewestSurvivors, isWeak, mostSurvivors, type Check, type Mutation } from '@devfactory/contracts';
import type { BlobStore } from '@devfactory/kit';
import { cutText } from '../text/cut-text.ts';
import type { Ordered } from './candidates.ts';
import type { Judgement } from './judge.ts';
import type { MutateRequest } from './request.ts';

export interface About {
  readonly check: Check;
  readonly request: Pick<MutateRequest, 'id' | 'base' | 'checkpoint'>;
  readonly blobs: BlobStore;
}

export type Verdict = Pick<Mutation, 'outcome' | 'reason'>;

export function withoutMutants({ check, request }: About, verdict: Verdict): Mutation {
  return {
    id: `${request.id}-${check.id}`,
    checkId: check.id,
    checkVersion: check.version,
    checkDigest: check.spec,
    requirementId: check.requirementId,
    checkpointId: request.checkpoint.id,
    tree: request.checkpoint.tree,
    baseTree: request.base.tree,
    killed: 0,
    survived: 0,
    unusable: 0,
    agrees: [],
    survivors: [],
    body: null,
    durationMs: 0,
    ...verdict,
  };
}

/** The judgement in the form that is kept, with every mutant in a blob. */
export async function judgedMutation(
  about: About,
  given: {
    readonly judgement: Judgement;
    readonly agrees: readonly string[];
    readonly candidates: Ordered;
    /** True where a failure cannot be told from a tree that does not run: no kill can count then, and none is missed. */
    readonly deaf: boolean;
    readonly began: number;
  },
): Promise<Mutation> {
  const { judgement, candidates, deaf, began } = given;
  const { mutants } = judgement;
  const count = (outcome: string): number => mutants.filter((item) => item.outcome === outcome).length;
  const counts = { killed: count('killed'), survived: count('survived'), unusable: count('unusable') };
  const body =
    mutants.length === 0
      ? null
      : await about.blobs.put(Buffer.from(JSON.stringify({ mutants }).toWellFormed(), 'utf8'));
  const agrees = given.agrees.slice(0, 20).map((id) => id.slice(0, 500));
  const survivors = mutants.filter(({ outcome }) => outcome === 'survived').slice(0, mostSurvivors);
  const verdict = verdictOf({ ...counts, agrees }, { judgement, candidates, deaf });
  const durationMs = Math.round(performance.now() - began);
  return { ...withoutMutants(about, verdict), ...counts, agrees, survivors, body, durationMs };
}

function verdictOf(
  counts: Pick<Mutation, 'killed' | 'survived' | 'unusable' | 'agrees'>,
  given: { readonly judgement: Judgement; readonly candidates: Ordered; readonly deaf: boolean },
): Verdict {
  const { judgement, candidates } = given;
  const { killed, survived, unusable, agrees } = counts;
  const judged = { ...counts, outcome: 'judged' as const };
  const [test] = agrees;
  if (test !== undefined)
    return {
      outcome: 'judged',
      reason: cutText(
        `${test} passes as well when it expects something else: what the code gives it agrees with anything.`,
        900,
      ),
    };
  if (killed > 0)
    return {
      outcome: 'judged',
      reason: `It noticed ${counted(killed, 'small change')} of the code${survived > 0 ? ` and missed ${survived}` : ''}.`,
    };
  // Where it is not known what a check executes, a few changes may all have been elsewhere.
  const blind = judgement.cutShort && candidates.toTry.some(({ file }) => file.grammar.probes === null);
  if (given.deaf && unusable > 0)
    return {
      outcome: 'inconclusive',
      reason: `It failed on ${unusable} of ${counted(mutantsOf(counts), 'small change')} of the code; whether it noticed them or did not run cannot be told, as there is no null check of it.`,
    };
  if (isWeak(judged) && !blind) {
    const executed =
      candidates.toTry.length === 0
        ? 'It executes nothing of the code that changed'
        : `It noticed none of ${survived} small changes of the code`;
    return { outcome: 'judged', reason: `${executed}, so it cannot tell good from bad.` };
  }
  if (judgement.cutShort)
    return {
      outcome: 'inconclusive',
      reason: `It noticed nothing yet, and there was more to try than the time allows: ${survived} changes went unnoticed.`,
    };
  const few = `Only ${survived} of ${mutantsOf(counts)} small changes of the code could be judged; it takes ${fewestSurvivors}.`;
  return { outcome: mutantsOf(counts) === 0 ? 'not-applicable' : 'inconclusive', reason: few };
}

function mutantsOf({ killed, survived, unusable }: Pick<Mutation, 'killed' | 'survived' | 'unusable'>): number {
  return killed + survived + unusable;
}
