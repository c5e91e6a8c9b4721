import type { EventType, RunEvent } from './event.ts';
import { commentFolds } from './fold/fold-comments.ts';
import { fileFolds } from './fold/fold-files.ts';
import { guidanceFolds } from './fold/fold-guidance.ts';
import { modelFolds } from './fold/fold-model.ts';
import type { Fold } from './fold/fold-parts.ts';
import { planFolds } from './fold/fold-plan.ts';
import { resultFolds } from './fold/fold-result.ts';
import { workFolds } from './fold/fold-work.ts';
import { noGuidance } from './guidance-state.ts';
import { noUsage } from './run.ts';
import type { RunState } from './state.ts';

/** How each fact changes the state. Server and browser fold with this same table. */
const folds: { readonly [T in EventType]: Fold<T> } = {
  ...planFolds,
  ...workFolds,
  ...fileFolds,
  ...guidanceFolds,
  ...commentFolds,
  ...modelFolds,
  ...resultFolds,
};

const nothingSaid = { returned: null, returnedAfterTurn: 0, unseen: false, wordings: {}, unasked: 0 };

/** The state right after `run.created`, which must be the first event. */
export function beginState(event: RunEvent): RunState {
  if (event.type !== 'run.created')
    throw new Error(`run ${event.runId} does not begin with run.created but with ${event.type}`);
  const { name, request, body, promptHead, from = null } = event.data;
  return {
    id: event.runId,
    seq: event.seq,
    name,
    createdAt: event.at,
    updatedAt: event.at,
    promptHead,
    from,
    body,
    agent: request.agent,
    request,
    forkedFrom: null,
    imported: null,
    survey: null,
    stage: { name: 'queued' },
    paused: false,
    archived: null,
    driver: null,
    notEnforced: [],
    requirements: [],
    highestRequirement: 0,
    marks: {},
    checks: [],
    heldOut: [],
    heldOutAsked: {},
    highestHeldOut: 0,
    plan: {
      proposed: 0,
      approved: 0,
      summary: '',
      lock: null,
      locked: [],
      approvedAfterTurn: 0,
      stale: false,
      ...nothingSaid,
    },
    turns: [],
    steps: [],
    checkpoints: [],
    head: null,
    restoreRequested: null,
    restorePaths: null,
    restoringFrom: null,
    lastRestore: null,
    checkpointNames: {},
    pinned: [],
    rebuilding: null,
    renumbered: {},
    verifications: [],
    evidence: [],
    mutations: [],
    feedback: [],
    screenshots: [],
    edits: [],
    comments: [],
    highestComment: 0,
    guidance: noGuidance,
    questions: [],
    approval: null,
    exports: [],
    bases: [],
    waivedSecrets: [],
    egress: [],
    limits: [],
    usage: noUsage,
    model: request.model ?? null,
    budgetUsd: request.budgetUsd ?? null,
    modelCall: null,
    openModelCalls: [],
    contextTokens: 0,
  };
}

/** One event further. Events at or before the state's seq are ignored, so a repeated delivery does no harm. */
export function foldEvent(state: RunState | null, event: RunEvent): RunState {
  if (state === null) return beginState(event);
  if (event.seq <= state.seq) return state;
  const fold = folds[event.type] as Fold<EventType> | undefined;
  const change = fold ? fold(state, event.data, event) : {};
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
