import type { Check } from './check.ts';
import type { Evidence } from './evidence.ts';
import type { Mutation } from './mutation.ts';
import type { RunState } from './state.ts';
import { requirementStatus, checkStanding, evidenceFor, mutationFor, type RequirementStatus } from './status.ts';

/** The source tree a run stands on: that of its head checkpoint. */
export function headTree(state: RunState): string | null {
  return state.checkpoints.find((item) => item.id === state.head)?.tree ?? null;
}

/** The tree that the run's files are known to be: the head's, or none while something that people changed waits for its checkpoint. */
export function presentTree(state: RunState): string | null {
  return state.edits.some(({ kept }) => !kept) ? null : headTree(state);
}

export function baseTree(state: RunState): string | null {
  return state.checkpoints.find((item) => item.reason === 'base')?.tree ?? null;
}

/** Whether a checkpoint's files can still be had: those of an archived run are gone, but for the ones it kept. */
export function isKept(state: Pick<RunState, 'archived'>, checkpointId: string): boolean {
  return state.archived === null || state.archived.kept.includes(checkpointId);
}

/** A requirement with what is computed about it. */
export interface RequirementView {
  readonly id: string;
  readonly text: string;
  readonly status: RequirementStatus;
  readonly mark: RunState['marks'][string] | null;
  /** False: an agent was shown every check of it ("visible checks only"). */
  readonly heldOut: boolean;
  /** `latest` and `base` are what the standing rests on; where there is no such evidence, the last one of the check at all. */
  readonly checks: readonly {
    readonly id: string;
    readonly title: string;
    /** True for a check that no agent is shown. */
    readonly heldOut: boolean;
    readonly standing: ReturnType<typeof checkStanding>;
    readonly latest: Evidence | null;
    readonly base: Evidence | null;
    /** What mutants say about the check on this tree; null while nobody asked them. */
    readonly mutation: Mutation | null;
  }[];
}

/** The checks that count: those that the last approval locked, and those that are held out. */
export function countedChecks(state: Pick<RunState, 'plan' | 'heldOut'>): readonly Check[] {
  return state.heldOut.length === 0
    ? state.plan.locked
    : [...state.plan.locked, ...state.heldOut.map(({ check }) => check)];
}

/** True for the check that carries this id: no agent is shown it. */
export function isHeldOut(checkId: string): boolean {
  return checkId.startsWith('H-');
}

/** The state as agents get it: nothing of what is held out, nor of what came of it. */
export function shownToAgents(state: RunState): RunState {
  const visible = ({ checkId }: { readonly checkId: string }): boolean => !isHeldOut(checkId);
  return {
    ...state,
    heldOut: [],
    heldOutAsked: {},
    highestHeldOut: 0,
    evidence: state.evidence.filter(visible),
    mutations: state.mutations.filter(visible),
  };
}

/** Every requirement of a run with its status on `tree` (when left out, on what the files are now). */
export function requirementViews(state: RunState, tree: string | null = presentTree(state)): RequirementView[] {
  return state.requirements.map((requirement) => {
    const checks = countedChecks(state).filter((check) => check.requirementId === requirement.id);
    const evidence = state.evidence.filter((item) => item.requirementId === requirement.id);
    const input = { requirement, checks, evidence, tree, mutations: state.mutations, baseTree: baseTree(state) };
    return {
      id: requirement.id,
      text: requirement.text,
      status: requirementStatus(input),
      mark: markOn(state, requirement.id, tree),
      heldOut: checks.some((check) => isHeldOut(check.id)),
      checks: checks.map((check) => {
        const { now, base } = evidenceFor(check, input);
        const last = (onBase: boolean): Evidence | null =>
          evidence.findLast((item) => item.checkId === check.id && item.onBase === onBase) ?? null;
        return {
          id: check.id,
          title: check.title,
          heldOut: isHeldOut(check.id),
          standing: checkStanding(check, input),
          latest: now ?? last(false),
          base: base ?? last(true),
          mutation: mutationFor(check, input),
        };
      }),
    };
  });
}

/** A person's word about a requirement; what they accepted on another tree says nothing about this one. */
function markOn(state: RunState, id: string, tree: string | null): RequirementView['mark'] {
  const mark = state.marks[id];
  return mark && (mark.kind === 'waived' || mark.tree === tree) ? mark : null;
}

/** Ids of requirements that are not proven on `tree`. A mark does not change that. */
export function notProven(state: RunState, tree: string | null = presentTree(state)): string[] {
  return requirementViews(state, tree)
    .filter((view) => view.status !== 'proven')
    .map((view) => view.id);
}

/** One word for lists, exit codes and scripts. */
export function stageWord(state: RunState): string {
  return state.paused && !['failed', 'cancelled', 'delivered', 'finished'].includes(state.stage.name)
    ? 'paused'
    : state.stage.name;
}
