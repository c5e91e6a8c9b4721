import type { RunState } from '@devfactory/contracts';
import { commonOptions, serverOptions, type Command } from '../command.ts';
import { sayOptions, sayToRun, type Said } from './say.ts';

export const feedback: Command = {
  name: 'feedback',
  about: 'tell a run what to do differently, send its plan back, or answer its question',
  words: 'RUN "TEXT"',
  count: { least: 2, most: Number.POSITIVE_INFINITY },
  options: { queue: { about: 'deliver it when the turn ends, not at the next step' }, ...sayOptions },
  run: (invocation) => {
    const text = invocation.arguments.words.slice(1).join(' ');
    const mode = invocation.arguments.flag('queue') ? 'queue' : 'steer';
    return sayToRun(invocation, (state) => feedbackFor(state, text, mode));
  },
};

/** What a person says goes where the run waits for it. */
function feedbackFor(state: RunState, text: string, mode: 'steer' | 'queue'): Said {
  const waitsFor = state.stage.name === 'waiting' ? state.stage.for : null;
  const question = state.questions.find((item) => item.answer === null);
  if (waitsFor === 'answer' && question)
    return { command: { do: 'answer', questionId: question.id, answer: text }, done: `Answered: ${question.question}` };
  if (waitsFor === 'plan-approval')
    return {
      command: { do: 'return-plan', version: state.plan.proposed, feedback: text },
      done: `Plan ${state.plan.proposed} sent back.`,
    };
  return {
    command: { do: 'feedback', text, mode },
    done: mode === 'steer' ? 'Queued for the next step.' : 'Queued for the end of the turn.',
  };
}

export const pause: Command = {
  name: 'pause',
  about: 'let a run rest at its next step',
  words: 'RUN',
  count: { least: 1, most: 1 },
  options: { ...serverOptions, ...commonOptions },
  run: (invocation) => sayToRun(invocation, () => ({ command: { do: 'pause' }, done: 'Paused.', rests: true })),
};

export const resume: Command = {
  name: 'resume',
  about: 'let a paused or failed run go on',
  words: 'RUN',
  count: { least: 1, most: 1 },
  options: sayOptions,
  run: (invocation) => sayToRun(invocation, () => ({ command: { do: 'resume' }, done: 'Resumed.' })),
};

export const cancel: Command = {
  name: 'cancel',
  about: 'end a run for good; its checkpoints stay',
  words: 'RUN',
  count: { least: 1, most: 1 },
  options: { ...serverOptions, ...commonOptions },
  run: (invocation) => sayToRun(invocation, () => ({ command: { do: 'cancel' }, done: 'Cancelled.', rests: true })),
};
