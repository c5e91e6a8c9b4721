import { expect, test } from 'vitest';
import type { RunCommand } from './api.ts';
import { commandEvents, type Speaker } from './command-events.ts';
import { refuseCommand } from './command-rules.ts';
import type { Destination } from './destination.ts';
import type { RunEvent } from './event.ts';
import { beginState, foldRun } from './fold.ts';
import type { RunState } from './state.ts';

const actor = { kind: 'person', name: 'owner' } as const;
const digest = 'a'.repeat(64);
const me: Speaker = {
  actor,
  specDigest: () => digest,
  planApproved: () => ({ type: 'plan.approved', data: { version: 1, lock: digest, checks: [] } }),
};

const created: RunEvent = {
  runId: 'run_aaaaaaaaaaaaaaaa',
  seq: 1,
  at: '2026-01-01T00:00:00.000Z',
  actor,
  type: 'run.created',
  data: {
    name: 'x',
    body: digest,
    promptHead: 'x',
    request: {
      agent: 'scripted',
      source: { kind: 'empty' },
      autonomy: 'approve-plan',
      deliverUnproven: false,
      destinations: [{ kind: 'zip', name: 'wished.zip' }],
    },
  },
};
const types = (state: RunState, command: RunCommand) => commandEvents(state, command, me).map(({ type }) => type);

test('every command becomes the person’s own fact', () => {
  const state = beginState(created);
  expect(types(state, { do: 'pause' })).toEqual(['run.paused']);
  expect(types(state, { do: 'resume' })).toEqual(['run.resumed']);
  expect(types(state, { do: 'cancel' })).toEqual(['run.cancelled']);
  expect(commandEvents(state, { do: 'approve-plan', version: 1 }, me)).toEqual([{ ...me.planApproved(state), actor }]);
  expect(types(state, { do: 'return-plan', version: 1, feedback: 'x' })).toEqual(['plan.returned']);
  expect(types(state, { do: 'answer', questionId: 'q', answer: 'x' })).toEqual(['question.answered']);
  expect(types(state, { do: 'restore', checkpointId: 'ck-0' })).toEqual(['restore.requested']);
  expect(types(state, { do: 'waive-requirement', id: 'R-1', reason: 'x' })).toEqual(['requirement.waived']);
  expect(commandEvents(state, { do: 'pause' }, me)[0]?.actor).toEqual(actor);
});

test('a requirement gets the next number and a new wording the next version', () => {
  const add: RunCommand = { do: 'add-requirement', text: 'one', priority: 'must' };
  const [first] = commandEvents(beginState(created), add, me);
  const state = foldRun([created, { ...first, runId: created.runId, seq: 2, at: created.at } as RunEvent]);
  if (!state) throw new Error('no state');
  expect(commandEvents(state, add, me)[0]?.data).toMatchObject({ requirement: { id: 'R-2', origin: 'person' } });
  expect(
    commandEvents(state, { do: 'reword-requirement', id: 'R-1', text: 'y', priority: 'could' }, me)[0]?.data,
  ).toMatchObject({ version: 2 });
});

test('an approved result goes where the person says now, else where the request said, else into a ZIP', () => {
  const state: RunState = { ...beginState(created), head: 'ck-1' };
  const github: Destination = { kind: 'github', repository: 'acme/shop' };
  const to = (destinations: Destination[], from = state) =>
    commandEvents(from, { do: 'approve-result', tree: digest, destinations }, me).flatMap((event) =>
      event.type === 'export.requested' ? [event.data] : [],
    );
  expect(to([{ kind: 'zip' }, github])).toEqual([
    { exportId: 'ex-1', destination: { kind: 'zip' } },
    { exportId: 'ex-2', destination: github },
  ]);
  expect(to([]).map(({ destination }) => destination)).toEqual([{ kind: 'zip', name: 'wished.zip' }]);
  const wishless = { ...state, request: { ...state.request, destinations: [] } };
  expect(to([], wishless).map(({ destination }) => destination)).toEqual([{ kind: 'zip' }]);
});

function folded(events: readonly RunEvent[]): RunState {
  const state = foldRun(events);
  if (!state) throw new Error('no events');
  return state;
}

test('feedback is changed until a step takes it in', () => {
  const given = (data: object, type: string, seq: number): RunEvent => ({ ...created, seq, type, data }) as RunEvent;
  const events = [created, given({ feedbackId: 'fb-1', mode: 'steer', text: 'Log it' }, 'feedback.given', 2)];
  const edit: RunCommand = { do: 'edit-feedback', feedbackId: 'fb-1', mode: 'queue', text: 'Log all of it' };
  const [edited] = commandEvents(folded(events), edit, me);
  const state = folded([...events, given(edited?.data ?? {}, 'feedback.edited', 3)]);
  expect(state.feedback).toMatchObject([{ mode: 'queue', text: 'Log all of it', deliveredAt: null }]);
  const taken = folded([...events, given({ feedbackId: 'fb-1', step: 4 }, 'feedback.delivered', 3)]);
  expect(refuseCommand(taken, edit)).toMatchObject({ code: 'delivered' });
});
