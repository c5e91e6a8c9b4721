import type { EventOf, EventType, RunEvent } from './event.ts';
import type { RunStage, RunState, StepRecord } from './state.ts';
import { noUsage, type Usage } from './run.ts';
import type { Requirement } from './requirement.ts';

type Fold<T extends EventType> = (state: RunState, data: EventOf<T>['data'], event: RunEvent) => Partial<RunState>;

/** How each fact changes the state. Server and browser fold with this same table. */
const folds: { [T in EventType]: Fold<T> } = {
  'run.created': () => ({}),
  'requirement.added': (state, { requirement }, event) => ({ ...addRequirement(state, requirement), ...wishChanged(state, event) }),
  // What a person or the agent said about the old wording does not hold for the new one.
  'requirement.reworded': (state, { id, version, text, priority }, event) => ({
    requirements: state.requirements.map((item) => (item.id === id ? { id, version, text, priority, origin: 'person' as const } : item)),
    marks: without(state.marks, id),
    ...wishChanged(state, event),
  }),
  'requirement.removed': (state, { id }) => ({
    requirements: state.requirements.filter((item) => item.id !== id),
    checks: state.checks.filter((check) => check.requirementId !== id),
    marks: without(state.marks, id),
    plan: { ...state.plan, locked: state.plan.locked.filter((check) => check.requirementId !== id) },
  }),
  'requirement.waived': (state, { id, reason }, { actor }) => ({ marks: { ...state.marks, [id]: { kind: 'waived', reason, by: actor, tree: null } } }),
  'requirement.accepted': (state, { id, reason, tree }, { actor }) => ({ marks: { ...state.marks, [id]: { kind: 'accepted', reason, by: actor, tree } } }),
  'requirement.declined': (state, { id, reason }) => ({
    requirements: state.requirements.map((item) => (item.id === (state.renumbered[id] ?? id) ? { ...item, cannot: reason } : item)),
  }),
  'workspace.opened': (_, { driver, notEnforced }) => ({ driver, notEnforced, rebuilding: null }),
  'workspace.closed': () => ({}),
  'workspace.lost': (_, { checkpointId }) => ({ rebuilding: checkpointId }),
  'checkpoint.made': (state, { checkpoint }) => ({ checkpoints: [...state.checkpoints, checkpoint], head: checkpoint.id }),
  'checkpoint.restored': (state, { checkpointId }) => ({
    head: checkpointId,
    // Another one may have been asked for meanwhile.
    restoreRequested: state.restoreRequested === checkpointId ? null : state.restoreRequested,
    ...withoutApproval(state),
  }),
  'restore.requested': (state, { checkpointId }) => ({ restoreRequested: checkpointId, ...withoutApproval(state), stage: resumed(state) }),
  'check.proposed': (state, { check: proposed }) => {
    const check = { ...proposed, requirementId: state.renumbered[proposed.requirementId] ?? proposed.requirementId };
    const known = state.checks.some((item) => item.id === check.id);
    return {
      checks: known ? state.checks.map((item) => (item.id === check.id ? check : item)) : [...state.checks, check],
      plan: { ...state.plan, stale: state.plan.proposed > 0 },
    };
  },
  'check.removed': (state, { id }) => ({ checks: state.checks.filter((check) => check.id !== id), plan: { ...state.plan, stale: state.plan.proposed > 0 } }),
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
  'turn.started': (state, { turn, purpose, why }) => ({
    turns: [...state.turns, { turn, purpose, why, outcome: null, summary: '' }],
    stage: { name: purpose === 'plan' ? 'planning' : 'working' },
    ...withoutApproval(state),
  }),
  'turn.ended': (state, { turn, outcome, summary }) => ({
    turns: state.turns.map((item) => (item.turn === turn ? { ...item, outcome, summary } : item)),
  }),
  'step.started': (state, { step, turn }, { at }) => ({
    renumbered: {},
    plan: state.turns.find((item) => item.turn === turn)?.purpose === 'plan' ? { ...state.plan, unseen: false } : state.plan,
    steps: [
      ...state.steps,
      { step, turn, startedAt: at, text: '', body: null, calls: [], usage: noUsage, ended: false, durationMs: null, checkpointId: null, feedback: [] },
    ],
  }),
  'step.answered': (state, { step, body, text, calls, usage }) => ({
    usage: addUsage(state.usage, usage),
    steps: changeStep(state, step, () => ({
      body,
      text,
      usage,
      calls: calls.map(({ id, tool, title }) => ({
        callId: id, tool, title, outcome: 'pending' as const, exitCode: null, durationMs: null, excerpt: '', body: null,
      })),
    })),
  }),
  'step.ended': (state, { step, durationMs, checkpointId }) => ({
    steps: changeStep(state, step, () => ({ ended: true, durationMs, checkpointId })),
    // A step that ended without an answer took nothing in: its feedback waits again.
    feedback: state.steps.some((item) => item.step === step && item.body === null)
      ? state.feedback.map((item) => (item.deliveredAt === step ? { ...item, deliveredAt: null } : item))
      : state.feedback,
  }),
  'tool.started': (state, { step, callId }) => ({
    steps: changeStep(state, step, (record) => ({
      calls: record.calls.map((call) => (call.callId === callId ? { ...call, outcome: 'running' as const } : call)),
    })),
  }),
  'tool.ended': (state, { step, callId, outcome, exitCode, durationMs, excerpt, body }) => ({
    renumbered: {},
    steps: changeStep(state, step, (record) => ({
      calls: record.calls.map((call) => (call.callId === callId ? { ...call, outcome, exitCode, durationMs, excerpt, body } : call)),
    })),
  }),
  'question.asked': (state, { questionId, question, options }) => ({ questions: [...state.questions, { id: questionId, question, options, answer: null }] }),
  'question.answered': (state, { questionId, answer }) => ({
    questions: state.questions.map((item) => (item.id === questionId ? { ...item, answer } : item)),
    stage: resumed(state),
  }),
  'feedback.given': (state, { feedbackId, mode, text }, { at }) => ({
    feedback: [...state.feedback, { id: feedbackId, mode, text, at, deliveredAt: null, withdrawn: false }],
    // Feedback on a finished or waiting run is a wish for more work.
    ...(state.stage.name === 'waiting' && state.stage.for !== 'review' ? {} : { stage: resumed(state) }),
  }),
  'feedback.withdrawn': (state, { feedbackId }) => ({
    feedback: state.feedback.map((item) => (item.id === feedbackId ? { ...item, withdrawn: true } : item)),
  }),
  'feedback.delivered': (state, { feedbackId, step }) => ({
    feedback: state.feedback.map((item) => (item.id === feedbackId ? { ...item, deliveredAt: step } : item)),
    steps: changeStep(state, step, (record) => ({ feedback: [...record.feedback, feedbackId] })),
  }),
  'verification.started': (state, { verificationId, checkpointId, tree, onBase, checks }) => ({
    verifications: [...state.verifications, { id: verificationId, checkpointId, tree, onBase, checks, outcome: 'running', afterTurn: state.turns.length, note: '' }],
    stage: { name: 'verifying' },
  }),
  'evidence.recorded': (state, { evidence }) => ({ evidence: [...state.evidence, evidence] }),
  'verification.ended': (state, { verificationId, outcome, note }) => ({
    verifications: state.verifications.map((item) => (item.id === verificationId ? { ...item, outcome, note } : item)),
  }),
  'wait.began': (_, data, { at }) => ({ stage: { name: 'waiting', for: data.for, sentence: data.sentence, since: at } }),
  'result.approved': (_, { checkpointId, tree, notProven }) => ({ approval: { checkpointId, tree, notProven }, stage: { name: 'delivering' } }),
  'run.paused': () => ({ paused: true }),
  'run.resumed': (state) => ({ paused: false, ...(state.stage.name === 'failed' ? { stage: underWay(state) } : {}) }),
  'run.cancelled': () => ({ paused: false, stage: { name: 'cancelled' } }),
  'run.failed': (_, { code, reason }) => ({ stage: { name: 'failed', code, reason } }),
  'run.finished': (_, { outcome, sentence }) => ({ stage: outcome === 'delivered' ? { name: 'delivered' } : { name: 'finished', sentence } }),
  'export.requested': (state, { exportId, destination }) => ({
    exports: [...state.exports, { id: exportId, destination, state: 'requested', tree: null, location: null, files: [], leftOut: [], reason: null }],
    ...(state.approval ? { stage: { name: 'delivering' } } : {}),
  }),
  'export.started': (state, { exportId, tree }) => ({ exports: changeExport(state, exportId, { state: 'started', tree }) }),
  'export.delivered': (state, { exportId, tree, location, files, leftOut }) => ({
    exports: changeExport(state, exportId, { state: 'delivered', tree, location, files, leftOut, reason: null }),
  }),
  'export.failed': (state, { exportId, reason }) => ({ exports: changeExport(state, exportId, { state: 'failed', reason }) }),
  'egress.decided': (state, { decisions }) => ({ egress: addDecisions(state.egress, decisions) }),
  'limit.reached': (state, { sentence }) => ({ limits: [...state.limits, sentence] }),
};

const nothingSaid = { returned: null, returnedAfterTurn: 0, unseen: false, wordings: {}, unasked: 0 };

/** The state right after `run.created`, which must be the first event. */
export function beginState(event: RunEvent): RunState {
  if (event.type !== 'run.created') throw new Error(`run ${event.runId} does not begin with run.created but with ${event.type}`);
  const { name, request, body, promptHead } = event.data;
  return {
    id: event.runId, seq: event.seq, name, createdAt: event.at, updatedAt: event.at, promptHead, body, agent: request.agent, request,
    stage: { name: 'queued' }, paused: false, driver: null, notEnforced: [], requirements: [], highestRequirement: 0, marks: {}, checks: [],
    plan: { proposed: 0, approved: 0, summary: '', lock: null, locked: [], approvedAfterTurn: 0, stale: false, ...nothingSaid },
    turns: [], steps: [], checkpoints: [], head: null, restoreRequested: null, rebuilding: null, renumbered: {}, verifications: [], evidence: [], feedback: [], questions: [],
    approval: null, exports: [], egress: [], limits: [], usage: noUsage,
  };
}

/** One event further. Events at or before the state's seq are ignored, so a repeated delivery does no harm. */
export function foldEvent(state: RunState | null, event: RunEvent): RunState {
  if (state === null) return beginState(event);
  if (event.seq <= state.seq) return state;
  const fold = folds[event.type] as Fold<EventType> | undefined;
  const change = fold ? fold(state, event.data as never, event) : {};
  // What the engine was writing while a person cancelled does not bring the run back.
  const end = state.stage.name === 'cancelled' ? { stage: state.stage } : {};
  return { ...state, ...change, ...end, seq: event.seq, updatedAt: event.at };
}

/** All events of a run, in order, to its state; null when there are none. */
export function foldRun(events: Iterable<RunEvent>, from: RunState | null = null): RunState | null {
  let state = from;
  for (const event of events) state = foldEvent(state, event);
  return state;
}

/** A person's word ends a wait or a rest: the engine decides anew from here. */
function resumed(state: RunState): RunStage {
  const rests = ['waiting', 'finished', 'delivered'].includes(state.stage.name);
  return rests ? underWay(state) : state.stage;
}

function underWay(state: RunState): RunStage {
  return { name: state.plan.approved > 0 ? 'working' : 'planning' };
}

/** A new wish or wording has no checks yet. While a person edits a plan they say themselves when it goes back to the agent. */
function wishChanged(state: RunState, event: RunEvent): Partial<RunState> {
  const editing = state.stage.name === 'waiting' && state.stage.for === 'plan-approval';
  const unseen = state.plan.unseen || (event.actor.kind === 'person' && state.turns.length > 0);
  return { plan: { ...state.plan, stale: state.plan.proposed > 0, unseen }, ...(editing ? {} : { stage: resumed(state) }) };
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

/** The result moves on: nothing is approved any more, and what was not delivered yet will not be. */
function withoutApproval(state: RunState): Partial<RunState> {
  const reason = 'The run went on before this was delivered; approve the new result.';
  const exports = state.exports.map((item) =>
    item.state === 'requested' || item.state === 'started' ? { ...item, state: 'failed' as const, tree: null, reason } : item,
  );
  return { approval: null, exports };
}

function without<T>(record: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}

function changeStep(state: RunState, step: number, change: (record: StepRecord) => Partial<StepRecord>): readonly StepRecord[] {
  return state.steps.map((record) => (record.step === step ? { ...record, ...change(record) } : record));
}

function changeExport(state: RunState, id: string, change: Partial<RunState['exports'][number]>): RunState['exports'] {
  return state.exports.map((record) => (record.id === id ? { ...record, ...change } : record));
}

function addUsage(a: Usage, b: Usage): Usage {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    cachedTokens: a.cachedTokens + b.cachedTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    costUsd: a.costUsd + b.costUsd,
  };
}

function addDecisions(known: RunState['egress'], fresh: RunState['egress']): RunState['egress'] {
  const sums = new Map(known.map((item) => [`${item.host}:${item.port}:${item.allowed}`, item]));
  for (const item of fresh) {
    const key = `${item.host}:${item.port}:${item.allowed}`;
    sums.set(key, { ...item, count: item.count + (sums.get(key)?.count ?? 0) });
  }
  return [...sums.values()];
}
