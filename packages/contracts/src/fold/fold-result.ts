import type { RunState } from '../state.ts';
import { resumed, underWay, withoutApproval, type FoldsOf } from './fold-parts.ts';

/** Evidence, approval and delivery, and where the run stands. */
export const resultFolds: FoldsOf<
  'run' | 'source' | 'wait' | 'verification' | 'evidence' | 'mutation' | 'result' | 'export' | 'base' | 'secret'
> = {
  'run.created': () => ({}),
  'source.imported': (_, imported) => ({ imported }),
  'source.surveyed': (_, survey) => ({ survey }),
  'run.forked': (_, { from, name, checkpoint }) => ({ forkedFrom: { runId: from, name, checkpoint } }),
  'verification.started': (state, { verificationId, checkpointId, tree, onBase, checks }) => ({
    verifications: [
      ...state.verifications,
      {
        id: verificationId,
        checkpointId,
        tree,
        onBase,
        checks,
        outcome: 'running',
        afterTurn: state.turns.length,
        note: '',
      },
    ],
    stage: { name: 'verifying' },
  }),
  'evidence.recorded': (state, { evidence }) => ({ evidence: [...state.evidence, evidence] }),
  'mutation.started': () => ({ stage: { name: 'verifying' } }),
  'mutation.recorded': (state, { mutation }) => ({ mutations: [...state.mutations, mutation] }),
  'verification.ended': (state, { verificationId, outcome, note }) => ({
    verifications: state.verifications.map((item) => (item.id === verificationId ? { ...item, outcome, note } : item)),
  }),
  'wait.began': (_, data, { at }) => ({
    stage: { name: 'waiting', for: data.for, sentence: data.sentence, since: at },
  }),
  'result.approved': (_, { checkpointId, tree, notProven }) => ({
    approval: { checkpointId, tree, notProven },
    stage: { name: 'delivering' },
  }),
  'run.paused': () => ({ paused: true }),
  'run.resumed': (state) => ({ paused: false, ...(state.stage.name === 'failed' ? { stage: underWay(state) } : {}) }),
  'run.archived': (_, { kept }, { at }) => ({ archived: { at, kept }, paused: false }),
  'run.cancelled': (state) => ({ paused: false, stage: { name: 'cancelled' }, ...brokenOff(state) }),
  'run.failed': (_, { code, reason }) => ({ stage: { name: 'failed', code, reason } }),
  'run.finished': (_, { outcome, sentence }) => ({
    stage: outcome === 'delivered' ? { name: 'delivered' } : { name: 'finished', sentence },
  }),
  'export.requested': (state, { exportId, destination }) => ({
    exports: [
      ...state.exports,
      {
        id: exportId,
        destination,
        state: 'requested',
        tree: null,
        location: null,
        files: [],
        leftOut: [],
        notes: [],
        readBack: null,
        arrival: null,
        reason: null,
        settled: null,
      },
    ],
    ...(state.approval ? { stage: { name: 'delivering' } } : {}),
  }),
  'export.started': (state, { exportId, tree }) => ({
    exports: changeExport(state, exportId, { state: 'started', tree }),
  }),
  'export.delivered': (state, { exportId, readBack = null, notes = [], awaitsCheck = false, ...delivered }) => ({
    exports: changeExport(state, exportId, {
      ...delivered,
      state: 'delivered',
      notes,
      readBack,
      arrival: awaitsCheck ? 'awaited' : null,
      reason: null,
    }),
  }),
  'export.checked': (state, { exportId, arrival }) => ({
    exports: changeExport(state, exportId, { arrival }),
  }),
  'export.settled': (state, { exportId, outcome }) => ({
    exports: changeExport(state, exportId, { settled: outcome }),
  }),
  'base.advanced': (state, { exportId, branch, why, key }) => ({
    bases: [
      ...state.bases,
      { exportId, key, branch, why, state: 'advanced', into: null, commit: null, conflicts: [], reason: null },
    ],
    stage: resumed(state),
  }),
  'base.taking': (state, { exportId, checkpointId }) => ({
    bases: changeBase(state, exportId, { into: checkpointId }),
  }),
  'base.taken': (state, { exportId, branch, commit, conflicts, checkpointId }) => {
    const record = state.bases.find((item) => item.exportId === exportId && item.state === 'advanced');
    return {
      bases: changeBase(state, exportId, { state: 'taken', branch, commit, conflicts }),
      ...(record?.into === checkpointId ? {} : withoutApproval(state)),
    };
  },
  'base.refused': (state, { exportId, reason }) => ({
    bases: changeBase(state, exportId, { state: 'refused', reason }),
  }),
  'secret.waived': (state, waiver, { actor }) => ({
    waivedSecrets: [...state.waivedSecrets, { ...waiver, by: actor }],
  }),
  'export.failed': (state, { exportId, reason }) => ({
    exports: changeExport(state, exportId, { state: 'failed', reason }),
  }),
};

function changeExport(state: RunState, id: string, change: Partial<RunState['exports'][number]>): RunState['exports'] {
  return state.exports.map((record) => (record.id === id ? { ...record, ...change } : record));
}

/** Of the one that is under way: there is never more than one of a delivery. */
function changeBase(state: RunState, exportId: string, change: Partial<RunState['bases'][number]>): RunState['bases'] {
  return state.bases.map((record) =>
    record.exportId === exportId && record.state === 'advanced' ? { ...record, ...change } : record,
  );
}

/** Nobody records the end of what a person ended for good: what was under way is interrupted, unless its own end still comes. */
function brokenOff({ steps, verifications }: RunState): Pick<RunState, 'steps' | 'verifications'> {
  const over = <T extends { readonly outcome: string }>(item: T): T =>
    item.outcome === 'running' ? { ...item, outcome: 'interrupted' } : item;
  return {
    steps: steps.map((step) =>
      step.calls.some(({ outcome }) => outcome === 'running') ? { ...step, calls: step.calls.map(over) } : step,
    ),
    verifications: verifications.map(over),
  };
}
