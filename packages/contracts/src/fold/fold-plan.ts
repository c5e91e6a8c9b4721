import type { RunEvent } from '../event.ts';
import type { Requirement } from '../requirement.ts';
import type { RunState } from '../state.ts';
import { resumed, withoutApproval, type FoldsOf } from './fold-parts.ts';

/** Requirements, their checks and the plan that locks these. */
export const planFolds: FoldsOf<'requirement' | 'check' | 'plan'> = {
  'requirement.added': (state, { requirement }, event) => ({
    ...addRequirement(state, requirement),
    ...wishChanged(state, event),
  }),
  // What a person or the agent said about the old wording does not hold for the new one.
  'requirement.reworded': (state, { id, version, text, priority }, event) => ({
    requirements: state.requirements.map((item) =>
      item.id === id ? { id, version, text, priority, origin: 'person' as const } : item,
    ),
    marks: without(state.marks, id),
    // A person's held-out checks stay, as dropping them would ease it; a model wrote its own for the old words.
    heldOut: state.heldOut.filter(({ check, model }) => check.requirementId !== id || model === null),
    ...wishChanged(state, event),
  }),
  'requirement.removed': (state, { id }) => ({
    requirements: state.requirements.filter((item) => item.id !== id),
    checks: state.checks.filter((check) => check.requirementId !== id),
    heldOut: state.heldOut.filter(({ check }) => check.requirementId !== id),
    marks: without(state.marks, id),
    plan: { ...state.plan, locked: state.plan.locked.filter((check) => check.requirementId !== id) },
  }),
  'requirement.waived': (state, { id, reason }, { actor }) => ({
    marks: { ...state.marks, [id]: { kind: 'waived', reason, by: actor, tree: null } },
  }),
  'requirement.accepted': (state, { id, reason, tree }, { actor }) => ({
    marks: { ...state.marks, [id]: { kind: 'accepted', reason, by: actor, tree } },
  }),
  'requirement.declined': (state, { id, reason }) => ({
    requirements: state.requirements.map((item) =>
      item.id === (state.renumbered[id] ?? id) ? { ...item, cannot: reason } : item,
    ),
  }),
  'check.proposed': (state, { check: proposed }) => {
    const check = { ...proposed, requirementId: state.renumbered[proposed.requirementId] ?? proposed.requirementId };
    const known = state.checks.some((item) => item.id === check.id);
    return {
      checks: known ? state.checks.map((item) => (item.id === check.id ? check : item)) : [...state.checks, check],
      plan: { ...state.plan, stale: state.plan.proposed > 0 },
    };
  },
  'check.removed': (state, { id }) => ({
    checks: state.checks.filter((check) => check.id !== id),
    plan: { ...state.plan, stale: state.plan.proposed > 0 },
  }),
  // Another question about the same tree: what was approved was approved without its answer.
  'check.held-out': (state, held) => {
    // A person and a model may have taken the same number.
    const given = Number(held.check.id.slice(2));
    const number = given > state.highestHeldOut ? given : state.highestHeldOut + 1;
    return {
      heldOut: [...state.heldOut, { ...held, check: { ...held.check, id: `H-${number}` } }],
      highestHeldOut: number,
      ...asksAnew(state),
    };
  },
  'check.held-out-asked': (state, { requirementId, requirementVersion }) => ({
    heldOutAsked: { ...state.heldOutAsked, [requirementId]: requirementVersion },
  }),
  'check.held-out-dropped': (state, { id }) => ({
    heldOut: state.heldOut.filter(({ check }) => check.id !== id),
    ...asksAnew(state),
  }),
  'plan.proposed': (state, { version, summary }) => ({
    plan: {
      ...state.plan,
      proposed: version,
      summary,
      // What a person said while this version was being made is not answered by it.
      stale: state.plan.unseen,
      returned: state.turns.length > state.plan.returnedAfterTurn ? null : state.plan.returned,
      unasked: (state.turns.at(-1)?.purpose ?? 'plan') === 'plan' ? 0 : state.plan.unasked + 1,
    },
  }),
  'plan.approved': (state, { version, lock, checks }, { actor }) => ({
    plan: {
      ...state.plan,
      ...(actor.kind === 'person' ? { returned: null, unasked: 0 } : {}),
      approved: version,
      approvedAfterTurn: state.turns.length,
      wordings: Object.fromEntries(state.requirements.map((item) => [item.id, item.version])),
      lock,
      locked: checks.flatMap(({ id, version: checkVersion, digest }) => {
        const check = state.checks.find((item) => item.id === id);
        return check && check.version === checkVersion && check.spec === digest ? [check] : [];
      }),
    },
    stage: { name: 'working' },
  }),
  'plan.returned': (state, { feedback }) => ({
    plan: { ...state.plan, returned: feedback, returnedAfterTurn: state.turns.length, unasked: 0 },
    stage: { name: 'planning' },
  }),
};

/** A new wish or wording has no checks yet. While a person edits a plan they say themselves when it goes back to the agent. */
function wishChanged(state: RunState, event: RunEvent): Partial<RunState> {
  const editing = state.stage.name === 'waiting' && state.stage.for === 'plan-approval';
  const unseen = state.plan.unseen || (event.actor.kind === 'person' && state.turns.length > 0);
  return {
    plan: { ...state.plan, stale: state.plan.proposed > 0, unseen },
    ...(editing ? {} : { stage: resumed(state) }),
  };
}

/** The checks are others than before: the engine decides anew, but a plan that is being read stays on the table. */
function asksAnew(state: RunState): Partial<RunState> {
  const editing = state.stage.name === 'waiting' && state.stage.for === 'plan-approval';
  return editing ? {} : { ...withoutApproval(state), stage: resumed(state) };
}

/** A person may have taken the number while the agent's proposal was on its way: the agent's requirement then gets the next one. */
function addRequirement(state: RunState, requirement: Requirement): Partial<RunState> {
  const taken = state.requirements.some((item) => item.id === requirement.id);
  const id = taken ? `R-${state.highestRequirement + 1}` : requirement.id;
  return {
    requirements: [...state.requirements, { ...requirement, id }],
    highestRequirement: Math.max(state.highestRequirement, Number(id.slice(2))),
    renumbered: taken ? { ...state.renumbered, [requirement.id]: id } : state.renumbered,
  };
}

function without<T>(record: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}
