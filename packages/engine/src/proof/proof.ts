import {
  countedChecks,
  requirementViews,
  type CreateRun,
  type Evidence,
  type Mutation,
  type RunState,
  type SecretWaiver,
} from '@devfactory/contracts';

/** What travels beside a delivered tree: what was asked, what is proven, and by what. Format version 1. */
export interface Proof {
  readonly format: 'devfactory-proof/1';
  readonly run: {
    readonly id: string;
    readonly name: string;
    readonly prompt: string;
    readonly agent: string;
    readonly model: string | null;
    readonly createdAt: string;
  };
  readonly tree: { readonly hash: string; readonly checkpoint: string; readonly base: string | null };
  readonly plan: { readonly version: number; readonly lock: string | null };
  readonly requirements: readonly ProofRequirement[];
  readonly workspace: { readonly driver: string | null; readonly notEnforced: readonly string[] };
  readonly usage: RunState['usage'];
  /** What looks like secrets in this tree or in what is told about it, and goes by a person's word. Left out where nothing does. */
  readonly secretsWaived?: readonly SecretWaiver[];
}

export interface ProofRequirement {
  readonly id: string;
  readonly text: string;
  readonly version: number;
  readonly status: string;
  readonly mark: { readonly kind: 'waived' | 'accepted'; readonly reason: string } | null;
  readonly cannot: string | null;
  /** True when an agent was shown every check of it. */
  readonly visibleChecksOnly: boolean;
  readonly checks: readonly {
    readonly id: string;
    readonly title: string;
    readonly kind: string;
    readonly intent: string;
    readonly digest: string;
    /** True: no agent was shown it. What it asks is not in the proof either, which may lie where an agent of a later run reads. */
    readonly heldOut: boolean;
    readonly standing: string;
    readonly now: Evidence | null;
    readonly onBase: Evidence | null;
    /** What mutants of this tree say about the check; null where they were not asked. */
    readonly mutants: Mutation | null;
  }[];
}

/** The proof of an approved tree, computed from the run's state alone. */
export function buildProof(
  { state, request }: { readonly state: RunState; readonly request: CreateRun },
  approval: { readonly checkpointId: string; readonly tree: string },
): Proof {
  const views = requirementViews(state, approval.tree);
  const locked = countedChecks(state);
  const waived = state.waivedSecrets.filter(({ tree }) => tree === approval.tree);
  return {
    format: 'devfactory-proof/1',
    run: {
      id: state.id,
      name: state.name,
      prompt: request.prompt,
      agent: state.agent,
      model: request.model ?? null,
      createdAt: state.createdAt,
    },
    tree: {
      hash: approval.tree,
      checkpoint: approval.checkpointId,
      base: state.checkpoints.find((item) => item.reason === 'base')?.tree ?? null,
    },
    plan: { version: state.plan.approved, lock: state.plan.lock },
    requirements: state.requirements.map((requirement, index) => {
      const view = views[index];
      const mark = view?.mark;
      return {
        id: requirement.id,
        text: requirement.text,
        version: requirement.version,
        status: view?.status ?? 'unchecked',
        mark: mark ? { kind: mark.kind, reason: mark.reason } : null,
        cannot: requirement.cannot || null,
        visibleChecksOnly: view?.heldOut !== true,
        checks: (view?.checks ?? []).flatMap((item) => {
          const check = locked.find((each) => each.id === item.id);
          if (!check) return [];
          const { id, title, kind, intent, spec } = check;
          return [
            {
              id,
              title: item.heldOut ? 'Held out' : title,
              kind,
              intent,
              digest: spec,
              heldOut: item.heldOut,
              standing: item.standing,
              now: item.heldOut ? unsaid(item.latest) : item.latest,
              onBase: item.heldOut ? unsaid(item.base) : item.base,
              mutants: item.heldOut && item.mutation ? { ...item.mutation, reason: '', agrees: [] } : item.mutation,
            },
          ];
        }),
      };
    }),
    workspace: { driver: state.driver, notEnforced: state.notEnforced },
    usage: state.usage,
    ...(waived.length > 0 ? { secretsWaived: waived.map(({ places, reason }) => ({ places, reason })) } : {}),
  };
}

/** Evidence of a held-out check without what tells what it asks. */
function unsaid(evidence: Evidence | null): Evidence | null {
  if (!evidence) return null;
  const { tests: _tests, ...rest } = evidence;
  return { ...rest, command: '', excerpt: '', exitCode: null, output: null };
}
