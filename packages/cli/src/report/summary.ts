import { requirementViews, stageWord, type RunState } from '@devfactory/contracts';
import { exitCodeOf, judgedTree } from '../exit-code.ts';

/** The files that a delivery was saved as on this machine, by export id. */
export type SavedFiles = Readonly<Record<string, readonly string[]>>;

/** The last line of `run --json`: how the run stands, with the latest evidence of each check. */
export function summary(state: RunState, saved: SavedFiles = {}): object {
  return {
    type: 'summary',
    runId: state.id,
    state: stageWord(state),
    sentence: restSentence(state),
    exitCode: exitCodeOf(state),
    tree: judgedTree(state),
    requirements: requirementViews(state, judgedTree(state)).map(({ id, text, status, mark, checks }) => ({
      id,
      text,
      status,
      ...(mark ? { mark } : {}),
      evidence: checks.flatMap(({ latest, base }) => [base, latest].filter((item) => item !== null)),
    })),
    exports: state.exports.map((record) => ({ ...record, savedAs: saved[record.id] ?? [] })),
    usage: state.usage,
  };
}

/** What the run waits for or how it ended, in one sentence. */
export function restSentence(state: RunState): string {
  const { stage } = state;
  switch (stage.name) {
    case 'waiting':
    case 'finished':
      return state.paused ? 'Paused.' : stage.sentence;
    case 'failed':
      return stage.reason;
    case 'delivered':
      return `Delivered: ${state.exports.findLast((item) => item.state === 'delivered')?.location ?? 'see its exports'}.`;
    case 'queued':
    case 'planning':
    case 'working':
    case 'verifying':
    case 'delivering':
    case 'cancelled':
      return state.paused ? 'Paused.' : `The run is ${stage.name}.`;
  }
}
