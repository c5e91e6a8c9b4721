import { counted, destinationText, notProven, type RunState } from '@devfactory/contracts';
import type { Shape, Tone } from './tone.ts';

/** Where a run stands, for people. */
export interface StageWords {
  readonly word: string;
  readonly tone: Tone;
  readonly shape: Shape;
  /** What it does or waits for, always. */
  readonly sentence: string;
  readonly needsPerson: boolean;
}

const looks: Record<string, { readonly word: string; readonly tone: Tone; readonly shape: Shape }> = {
  queued: { word: 'Queued', tone: 'none', shape: 'clock' },
  planning: { word: 'Planning', tone: 'run', shape: 'turning' },
  working: { word: 'Working', tone: 'run', shape: 'turning' },
  verifying: { word: 'Verifying', tone: 'run', shape: 'turning' },
  waiting: { word: 'Needs you', tone: 'warn', shape: 'corner' },
  paused: { word: 'Paused', tone: 'none', shape: 'struck' },
  delivering: { word: 'Delivering', tone: 'run', shape: 'turning' },
  delivered: { word: 'Delivered', tone: 'ok', shape: 'disc' },
  finished: { word: 'Finished', tone: 'none', shape: 'ring' },
  failed: { word: 'Stopped on a fault', tone: 'bad', shape: 'square' },
  cancelled: { word: 'Cancelled', tone: 'none', shape: 'struck' },
};

/** Word, colour and form of a stage as GET /api/runs names it. */
export function stageLook(word: string): { readonly word: string; readonly tone: Tone; readonly shape: Shape } {
  return looks[word] ?? { word, tone: 'none', shape: 'ring' };
}

export function stageWords(state: RunState): StageWords {
  const rests = ['failed', 'cancelled', 'delivered', 'finished'].includes(state.stage.name);
  if (state.paused && !rests) {
    return {
      ...stageLook('paused'),
      sentence: 'Paused: it waits for you to resume. Files, evidence and the place it stood at are kept.',
      needsPerson: true,
    };
  }
  const needsPerson = state.stage.name === 'waiting' || state.stage.name === 'failed';
  return { ...stageLook(state.stage.name), sentence: sentenceOf(state), needsPerson };
}

function sentenceOf(state: RunState): string {
  const { stage } = state;
  switch (stage.name) {
    case 'queued':
      return 'Waits for a free worker; nothing is needed from you.';
    case 'waiting':
      return stage.sentence;
    case 'verifying':
      return verifyingSentence(state);
    case 'delivering':
      return deliveringSentence(state);
    case 'delivered':
      return deliveredSentence(state);
    case 'finished':
      return stage.sentence;
    case 'failed':
      return stage.reason;
    case 'cancelled':
      return 'Cancelled. Its log, checkpoints and evidence are kept.';
    case 'planning':
    case 'working':
      return stepSentence(state);
  }
}

function stepSentence(state: RunState): string {
  if (state.restoreRequested) return `Brings the workspace back to ${state.restoreRequested}.`;
  const step = state.steps.at(-1);
  const turn = state.turns.at(-1);
  const purpose =
    turn?.purpose === 'plan'
      ? 'Drafts requirements and their checks'
      : turn?.purpose === 'repair'
        ? 'Repairs what is not proven yet'
        : 'Works on the requirements';
  if (!step || !turn || step.turn !== turn.turn) return `${purpose}; the first step is about to begin.`;
  const running = step.calls.find((call) => call.outcome === 'running');
  if (running) return `Step ${step.step}: ${firstLine(step.text || running.title) || running.tool}`;
  if (!step.ended && step.body === null) return `Step ${step.step}: waits for ${state.agent}'s answer.`;
  return step.ended
    ? `${purpose}; step ${step.step} is done, the next one begins.`
    : `${purpose}; step ${step.step} keeps what it changed.`;
}

function firstLine(text: string): string {
  const line = text.split('\n', 1)[0] ?? '';
  return line.length > 160 ? `${line.slice(0, 159)}…` : line;
}

function verifyingSentence(state: RunState): string {
  const current = state.verifications.findLast((item) => item.outcome === 'running');
  if (!current) return 'Gets the clean verifier ready.';
  const seen = state.evidence.filter((item) => item.verificationId === current.id).length;
  const where = current.onBase ? 'the code before the work' : current.checkpointId;
  return `The clean verifier runs check ${Math.min(seen + 1, current.checks)} of ${current.checks} on ${where}.`;
}

function deliveringSentence(state: RunState): string {
  const current = state.exports.findLast((item) => item.state === 'requested' || item.state === 'started');
  return current
    ? `Makes the delivery (${destinationText(current.destination)}).`
    : 'The result is approved; the delivery begins.';
}

function deliveredSentence(state: RunState): string {
  const open = notProven(state, state.approval?.tree ?? undefined).length;
  const total = state.requirements.length;
  return `Delivered; ${open === 0 ? 'every requirement is proven' : `${open} of ${counted(total, 'requirement')} not proven`}.`;
}
