import { notProven, stageWord, type RunState, type RunSummary } from '@devfactory/contracts';

/** A run as lists show it. */
export function summaryOf(state: RunState): RunSummary {
  const total = state.requirements.length;
  return {
    id: state.id,
    name: state.name,
    agent: state.agent,
    state: stageWord(state),
    sentence: sentenceOf(state),
    needsPerson: needsPerson(state),
    requirements: { total, proven: total - notProven(state).length },
    ...(state.archived ? { archived: true as const } : {}),
    ...(state.forkedFrom
      ? { forkedFrom: { runId: state.forkedFrom.runId, checkpointId: state.forkedFrom.checkpoint.id } }
      : {}),
    createdAt: state.createdAt,
    updatedAt: state.updatedAt,
  };
}

function needsPerson(state: RunState): boolean {
  return (
    state.stage.name === 'waiting' ||
    state.stage.name === 'failed' ||
    (state.paused && state.stage.name !== 'cancelled')
  );
}

function sentenceOf(state: RunState): string {
  if (stageWord(state) === 'paused') return 'Paused by a person.';
  switch (state.stage.name) {
    case 'queued':
      return 'Waits for a worker.';
    case 'planning':
      return 'The agent writes requirements and checks.';
    case 'working':
      return state.turns.at(-1)?.why || 'The agent works.';
    case 'verifying':
      return 'Checks run on a clean copy.';
    case 'waiting':
    case 'finished':
      return state.stage.sentence;
    case 'delivering':
      return 'The approved result is being delivered.';
    case 'delivered':
      return state.exports.findLast((item) => item.state === 'delivered')?.location ?? 'Delivered.';
    case 'failed':
      return state.stage.reason;
    case 'cancelled':
      return 'Cancelled by a person.';
  }
}
