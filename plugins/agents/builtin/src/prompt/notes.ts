import { editSentence, feedbackWords, requirementViews, type RunState } from '@devfactory/contracts';
import type { StepInput } from '@devfactory/kit';
import type { Told as ToldStep } from '../memory/conversation.ts';
import type { Told } from '../memory/memo.ts';
import { guidanceKeys, guidanceNotes } from './guidance.ts';

const evidenceCharacters = 1500;
const mostEdits = 30;

/** What the model must know of the run as it stands. */
export function toldNow({ state, guidance }: Pick<StepInput, 'state' | 'guidance'>): Told {
  const keys = guidanceKeys(guidance);
  return {
    requirements: Object.fromEntries(state.requirements.map((item) => [item.id, item.version])),
    answers: state.questions.filter((item) => item.answer !== null).map((item) => item.id),
    head: state.head,
    ...(keys.length === 0 ? {} : { guidance: keys }),
  };
}

/** What happened since the model was last told, in messages: a turn's reason, people's words, changed requirements, restored files. */
export function notesSince(input: StepInput, last: ToldStep | null, begins: boolean): string[] {
  const newTurn = last?.past.turn !== input.turn;
  return [
    ...(newTurn ? turnNotes(input, begins) : []),
    ...(last && !begins ? requirementNotes(input.state, last.memo.told) : []),
    ...(last && !begins ? guidanceNotes(input.guidance, last.memo.told.guidance ?? []) : []),
    ...answerNotes(input.state, last?.memo.told ?? null),
    ...(last ? restoreNotes(input.state, last) : []),
    ...editNotes(input),
    ...input.feedback.map((item) => `A person says: ${feedbackWords(item)}`),
  ];
}

function turnNotes({ purpose, state }: StepInput, begins: boolean): string[] {
  const why = state.turns.at(-1)?.why ?? '';
  if (purpose === 'repair') return [repairNote(state)];
  if (purpose === 'plan' && state.plan.returned !== null)
    return [`A person sent the plan back: ${state.plan.returned}\nPropose it anew.`];
  return begins || why === '' ? [] : [why];
}

/** What the verifier saw, for each check that does not pass. */
function repairNote(state: RunState): string {
  const failing = requirementViews(state).flatMap((view) =>
    view.checks.flatMap((check) => {
      if (check.standing !== 'failing' || !check.latest) return [];
      const { command, exitCode, excerpt } = check.latest;
      const exit = exitCode === null ? '' : ` (exit ${exitCode})`;
      return [`${view.id} ${check.id} ${check.title}\n${command}${exit}\n${cut(excerpt)}`];
    }),
  );
  const why = state.turns.at(-1)?.why ?? '';
  return `The verifier ran the checks on your files. ${why} What you are shown of it:\n\n${failing.join('\n\n') || 'Nothing: read the requirement again, word for word.'}\n\nMend the cause in the project.`;
}

function requirementNotes(state: RunState, told: Told): string[] {
  const changed = state.requirements.filter((item) => told.requirements[item.id] !== item.version);
  const gone = Object.keys(told.requirements).filter((id) => !state.requirements.some((item) => item.id === id));
  const lines = [
    ...changed.map((item) => `${item.id} (${item.priority}) ${item.text}`),
    ...gone.map((id) => `${id} is no longer wanted.`),
  ];
  return lines.length === 0 ? [] : [`Requirements changed:\n${lines.join('\n')}`];
}

function answerNotes(state: RunState, told: Told | null): string[] {
  return state.questions
    .filter((item) => item.answer !== null && !(told?.answers ?? []).includes(item.id))
    .map((item) => `You asked: ${item.question}\nThe person answered: ${item.answer ?? ''}`);
}

/** Files stand where the last step left them, unless somebody set them back. */
function restoreNotes(state: RunState, last: ToldStep): string[] {
  const left = state.steps.find((item) => item.step === last.past.step)?.checkpointId ?? last.memo.told.head;
  const restored = state.head !== left && state.checkpoints.some((item) => item.id === left);
  return restored ? [`The files were set back to an earlier state (${state.head ?? 'none'}); read them again.`] : [];
}

/** What people did to the files themselves: it is meant, and the model's picture of these files is old. */
function editNotes({ edits = [] }: StepInput): string[] {
  if (edits.length === 0) return [];
  const shown = edits.slice(-mostEdits).map((edit) => `The person ${editSentence(edit)}.`);
  const left = edits.length - shown.length;
  const more = left > 0 ? `\n${left} earlier changes are not listed.` : '';
  return [
    `${shown.join('\n')}${more}\nKeep these changes; read what you need of these files again before you change them.`,
  ];
}

function cut(text: string): string {
  return text.length <= evidenceCharacters ? text : `${text.slice(0, evidenceCharacters).toWellFormed()}…`;
}
