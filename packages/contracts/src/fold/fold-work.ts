import { noUsage } from '../run.ts';
import type { RunState } from '../state.ts';
import { requirementViews } from '../view.ts';
import { addUsage, changeStep, resumed, withoutApproval, type FoldsOf } from './fold-parts.ts';
import { restoreFolds } from './fold-restore.ts';

/** Older ones are in the log, and can no longer be attached. */
const mostScreenshots = 20;

/** What the agent does, and the workspace it does it in. */
export const workFolds: FoldsOf<
  | 'workspace'
  | 'agent'
  | 'checkpoint'
  | 'restore'
  | 'turn'
  | 'step'
  | 'tool'
  | 'feedback'
  | 'screenshot'
  | 'question'
  | 'egress'
  | 'limit'
> = {
  'workspace.opened': (_, { driver, notEnforced }) => ({ driver, notEnforced, rebuilding: null }),
  'workspace.closed': () => ({}),
  'workspace.lost': (_, { checkpointId }) => ({ rebuilding: checkpointId }),
  'checkpoint.made': (state, { checkpoint }) => ({
    checkpoints: [...state.checkpoints, checkpoint],
    head: checkpoint.id,
    ...(state.approval && state.approval.tree !== checkpoint.tree ? withoutApproval(state) : {}),
  }),
  ...restoreFolds,
  'turn.started': (state, { turn, purpose, why }) => ({
    turns: [
      ...state.turns,
      { turn, purpose, why, open: purpose === 'plan' ? [] : openNow(state), outcome: null, summary: '' },
    ],
    stage: { name: purpose === 'plan' ? 'planning' : 'working' },
    plan: purpose === 'plan' ? { ...state.plan, unseen: false } : state.plan,
    ...withoutApproval(state),
  }),
  'turn.ended': (state, { turn, outcome, summary }) => ({
    turns: state.turns.map((item) => (item.turn === turn ? { ...item, outcome, summary } : item)),
  }),
  'agent.installing': () => ({}),
  'agent.installed': () => ({}),
  'step.started': (state, { step, turn }, { at }) => ({
    renumbered: {},
    edits: state.edits.map((edit) => (edit.deliveredAt === null ? { ...edit, deliveredAt: step } : edit)),
    plan:
      state.turns.find((item) => item.turn === turn)?.purpose === 'plan'
        ? { ...state.plan, unseen: false }
        : state.plan,
    steps: [
      ...state.steps,
      {
        step,
        turn,
        startedAt: at,
        text: '',
        body: null,
        calls: [],
        usage: noUsage,
        modelCalls: 0,
        goesOn: false,
        ended: false,
        durationMs: null,
        checkpointId: null,
        feedback: [],
      },
    ],
  }),
  'step.answered': (state, { step, body, text, calls, usage, goesOn }) => ({
    // What went through the factory's own meter is counted there, call by call.
    usage: isMetered(state, step) ? state.usage : addUsage(state.usage, usage),
    steps: changeStep(state, step, (record) => ({
      body,
      text,
      usage: record.modelCalls > 0 ? record.usage : usage,
      goesOn: goesOn ?? false,
      calls: calls.map(({ id, tool, title }) => ({
        callId: id,
        tool,
        title,
        outcome: 'pending' as const,
        exitCode: null,
        durationMs: null,
        excerpt: '',
        body: null,
      })),
    })),
  }),
  'step.ended': (state, { step, durationMs, checkpointId }) => ({
    steps: changeStep(state, step, () => ({ ended: true, durationMs, checkpointId })),
    // A step that ended without an answer took nothing in: what it was told waits again.
    ...(state.steps.some((item) => item.step === step && item.body === null)
      ? { feedback: untold(state.feedback, step), edits: untold(state.edits, step) }
      : {}),
  }),
  'tool.started': (state, { step, callId }) => ({
    steps: changeStep(state, step, (record) => ({
      calls: record.calls.map((call) => (call.callId === callId ? { ...call, outcome: 'running' as const } : call)),
    })),
  }),
  'tool.ended': (state, { step, callId, outcome, exitCode, durationMs, excerpt, body }) => ({
    renumbered: {},
    steps: changeStep(state, step, (record) => ({
      calls: record.calls.map((call) =>
        call.callId === callId ? { ...call, outcome, exitCode, durationMs, excerpt, body } : call,
      ),
    })),
  }),
  'question.asked': (state, { questionId, question, options }) => ({
    questions: [...state.questions, { id: questionId, question, options, answer: null }],
  }),
  'question.answered': (state, { questionId, answer }) => ({
    questions: state.questions.map((item) => (item.id === questionId ? { ...item, answer } : item)),
    stage: resumed(state),
  }),
  'feedback.given': (state, { feedbackId, mode, text, from = null, screenshots = [] }, { at }) => ({
    feedback: [
      ...state.feedback,
      { id: feedbackId, mode, text, at, deliveredAt: null, withdrawn: false, from, screenshots },
    ],
    // Feedback on a finished or waiting run is a wish for more work.
    ...(state.stage.name === 'waiting' && state.stage.for !== 'review' ? {} : { stage: resumed(state) }),
  }),
  'screenshot.taken': (state, shot) => ({ screenshots: [...state.screenshots, shot].slice(-mostScreenshots) }),
  'feedback.edited': (state, { feedbackId, mode, text }) => ({
    // A step that took it in meanwhile has its first words.
    feedback: state.feedback.map((item) =>
      item.id === feedbackId && item.deliveredAt === null ? { ...item, mode, text } : item,
    ),
  }),
  'feedback.withdrawn': (state, { feedbackId }) => ({
    feedback: state.feedback.map((item) => (item.id === feedbackId ? { ...item, withdrawn: true } : item)),
  }),
  'feedback.delivered': (state, { feedbackId, step }) => ({
    feedback: state.feedback.map((item) => (item.id === feedbackId ? { ...item, deliveredAt: step } : item)),
    steps: changeStep(state, step, (record) => ({ feedback: [...record.feedback, feedbackId] })),
  }),
  'egress.decided': (state, { decisions }) => ({ egress: addDecisions(state.egress, decisions) }),
  'limit.reached': (state, { sentence }) => ({ limits: [...state.limits, sentence] }),
};

function untold<T extends { readonly deliveredAt: number | null }>(items: readonly T[], step: number): readonly T[] {
  return items.map((item) => (item.deliveredAt === step ? { ...item, deliveredAt: null } : item));
}

function isMetered(state: RunState, step: number): boolean {
  return state.steps.some((record) => record.step === step && record.modelCalls > 0);
}

function addDecisions(known: RunState['egress'], fresh: RunState['egress']): RunState['egress'] {
  const sums = new Map(known.map((item) => [`${item.host}:${item.port}:${item.allowed}`, item]));
  for (const item of fresh) {
    const key = `${item.host}:${item.port}:${item.allowed}`;
    sums.set(key, { ...item, count: item.count + (sums.get(key)?.count ?? 0) });
  }
  return [...sums.values()];
}

function openNow(state: RunState): string[] {
  return requirementViews(state)
    .filter(({ status, mark }) => status !== 'proven' && mark === null)
    .map(({ id }) => id);
}
