import { headTree, type RunCommand, type RunState } from '@devfactory/contracts';

type Dice = (sides: number) => number;

/** Any command, often one that makes sense now, often not: the rules must cope with all. */
export function randomCommand(state: RunState, dice: Dice): RunCommand {
  const requirement = state.requirements[dice(Math.max(1, state.requirements.length))]?.id ?? 'R-1';
  const checkpointId = state.checkpoints[dice(Math.max(1, state.checkpoints.length))]?.id ?? 'ck-0';
  const tree = (dice(4) === 0 ? state.checkpoints[0]?.tree : headTree(state)) ?? 'f'.repeat(64);
  const commands: RunCommand[] = [
    { do: 'approve-plan', version: state.plan.proposed },
    { do: 'return-plan', version: state.plan.proposed, feedback: 'another one' },
    { do: 'add-requirement', text: `also file w${state.seq}.txt`, priority: 'must' },
    { do: 'reword-requirement', id: requirement, text: `other words ${state.seq}`, priority: 'should' },
    { do: 'remove-requirement', id: requirement },
    { do: 'waive-requirement', id: requirement, reason: 'x' },
    { do: 'accept-requirement', id: requirement, reason: 'x', tree },
    {
      do: 'hold-out-check',
      requirementId: requirement,
      check: {
        title: 'unseen',
        intent: 'change',
        timeoutMs: 1000,
        spec: { kind: 'file', path: `w${dice(3)}.txt`, includes: ['x'] },
      },
    },
    { do: 'drop-held-out-check', id: state.heldOut.at(-1)?.check.id ?? 'H-1' },
    { do: 'feedback', text: `more ${state.seq}`, mode: dice(2) === 0 ? 'steer' : 'queue' },
    { do: 'withdraw-feedback', feedbackId: state.feedback.at(-1)?.id ?? 'none' },
    { do: 'answer', questionId: state.questions.at(-1)?.id ?? 'none', answer: 'this' },
    { do: 'waive-secrets', tree, places: ['a place'], reason: 'x' },
    { do: 'pause' },
    { do: 'resume' },
    { do: 'restore', checkpointId },
    { do: 'restore', checkpointId, paths: [dice(3) === 0 ? 'nowhere' : `${requirement}.txt`] },
    { do: 'undo-restore' },
    { do: 'name-checkpoint', checkpointId, name: dice(3) === 0 ? null : `called ${state.seq}` },
    { do: dice(2) === 0 ? 'pin-checkpoint' : 'unpin-checkpoint', checkpointId },
    { do: 'approve-result', tree, destinations: [] },
    { do: 'export', destination: { kind: 'zip' } },
    ...(dice(30) === 0 ? [{ do: 'cancel' } as const] : []),
  ];
  return commands[dice(commands.length)] as RunCommand;
}

/** What a person who only wants the run to end says next; null when it has ended. */
export function patientCommand(state: RunState): RunCommand | null {
  if (state.paused || state.stage.name === 'failed') return { do: 'resume' };
  if (state.stage.name !== 'waiting') return null;
  switch (state.stage.for) {
    case 'plan-approval':
      return state.plan.stale
        ? { do: 'return-plan', version: state.plan.proposed, feedback: 'see the new requirements' }
        : { do: 'approve-plan', version: state.plan.proposed };
    case 'answer':
      return {
        do: 'answer',
        questionId: state.questions.find((item) => item.answer === null)?.id ?? '',
        answer: 'this',
      };
    case 'review':
      return { do: 'approve-result', tree: headTree(state) ?? '', destinations: [] };
  }
}
