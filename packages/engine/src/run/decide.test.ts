import {
  foldRun,
  type Check,
  type CreateRun,
  type Evidence,
  type NewEvent,
  type RunState,
  type Fact,
} from '@devfactory/contracts';
import { expect, test } from 'vitest';
import { began } from '../../test/facts.ts';
import type { Action } from './action.ts';
import { decide } from './decide.ts';

const base = 'a'.repeat(64);
const tree = 'b'.repeat(64);
const digest = 'c'.repeat(64);
const bounds = { repairs: 2 };

const created = (autonomy: CreateRun['autonomy']): Fact => ({
  type: 'run.created',
  data: {
    name: 'x',
    body: digest,
    promptHead: 'x',
    request: { agent: 'scripted', source: { kind: 'empty' }, autonomy, deliverUnproven: false, destinations: [] },
  },
});
const check: Check = {
  id: 'C-1',
  version: 1,
  requirementId: 'R-1',
  title: 't',
  intent: 'change',
  timeoutMs: 1000,
  kind: 'http',
  spec: digest,
};
const wish: Fact = {
  type: 'requirement.added',
  data: { requirement: { id: 'R-1', version: 1, text: 'x', priority: 'must', origin: 'person' } },
};
const made = (id: string, hash: string, reason: 'base' | 'step'): Fact => ({
  type: 'checkpoint.made',
  data: {
    checkpoint: {
      id,
      label: id,
      reason,
      step: null,
      manifest: digest,
      tree: hash,
      packs: [],
      files: 0,
      bytes: 0,
      leftOut: [],
      torn: false,
      changed: { added: 1, modified: 0, removed: 0 },
    },
  },
});
const seen = (verdict: Evidence['verdict'], on: 'base' | 'head'): Fact => ({
  type: 'evidence.recorded',
  data: {
    evidence: {
      id: 'e',
      verificationId: 'v',
      checkId: 'C-1',
      checkVersion: 1,
      checkDigest: digest,
      requirementId: 'R-1',
      requirementVersion: 1,
      checkpointId: 'ck-0',
      tree: on === 'base' ? base : tree,
      onBase: on === 'base',
      verdict,
      cause: verdict === 'passed' ? null : 'assertion',
      vantage: 'outside',
      command: '',
      exitCode: 0,
      durationMs: 1,
      executions: 1,
      excerpt: '',
      output: null,
    },
  },
});
const judged = (counts: { killed: number }): Fact => ({
  type: 'mutation.recorded',
  data: {
    mutation: {
      id: 'm',
      checkId: 'C-1',
      checkVersion: 1,
      checkDigest: digest,
      requirementId: 'R-1',
      checkpointId: 'ck-1',
      tree,
      baseTree: base,
      outcome: 'judged',
      survived: 3,
      unusable: 0,
      agrees: [],
      reason: '',
      survivors: [],
      body: null,
      durationMs: 1,
      ...counts,
    },
  },
});
const turn = (number: number, purpose: 'plan' | 'work' | 'repair'): Fact[] => [
  { type: 'turn.started', data: { turn: number, purpose, why: '' } },
  { type: 'turn.ended', data: { turn: number, outcome: 'finished', summary: '' } },
];
const planned: Fact[] = [
  wish,
  made('ck-0', base, 'base'),
  ...turn(1, 'plan'),
  { type: 'check.proposed', data: { check } },
  { type: 'plan.proposed', data: { version: 1, summary: '' } },
];
const approved: Fact[] = [
  ...planned,
  { type: 'plan.approved', data: { version: 1, lock: digest, checks: [{ id: 'C-1', version: 1, digest }] } },
];
const worked: Fact[] = [...approved, seen('failed', 'base'), ...turn(2, 'work'), made('ck-1', tree, 'step')];
const feedback: Fact = { type: 'feedback.given', data: { feedbackId: 'f', mode: 'steer', text: 'more' } };

function after(facts: readonly Fact[], autonomy: CreateRun['autonomy'] = 'approve-plan'): RunState {
  const events = [created(autonomy), ...facts].map((fact, index) => {
    const event = { ...fact, actor: { kind: 'factory' } } as NewEvent;
    return { ...event, runId: 'run_aaaaaaaaaaaaaaaa', seq: index + 1, at: '2026-01-01T00:00:00.000Z' };
  });
  const state = foldRun(events);
  if (!state) throw new Error('no state');
  return state;
}
const next = (facts: readonly Fact[], autonomy?: CreateRun['autonomy']): Action =>
  decide(after(facts, autonomy), bounds);

test('a new run is prepared before anything else', () => {
  expect(next([wish])).toEqual({ do: 'prepare' });
});
test('a prepared run plans', () => {
  expect(next([wish, made('ck-0', base, 'base')])).toMatchObject({ do: 'turn', purpose: 'plan' });
});
test('a proposed plan waits for a person, or is locked on the spot', () => {
  expect(next(planned)).toMatchObject({ do: 'wait', for: 'plan-approval' });
  expect(next(planned, 'auto')).toEqual({ do: 'lock' });
});
test('a requirement that only keeps what is there waits for a person, whatever the autonomy', () => {
  const keeps = (...intents: readonly Check['intent'][]): readonly Fact[] =>
    planned.flatMap((fact): Fact[] =>
      fact.type === 'check.proposed'
        ? intents.map((intent, index) => ({ ...fact, data: { check: { ...check, id: `C-${index + 1}`, intent } } }))
        : [fact],
    );
  expect(next(keeps('keep'), 'auto')).toMatchObject({
    do: 'wait',
    for: 'plan-approval',
    sentence: expect.stringContaining('asked of R-1 has to hold before the work already') as string,
  });
  expect(next(keeps('keep', 'change'), 'auto')).toEqual({ do: 'lock' });
});
test('a requirement added while the plan waits refuses the lock and is planned anew', () => {
  const another: Fact = {
    type: 'requirement.added',
    data: { requirement: { id: 'R-2', version: 1, text: 'y', priority: 'must', origin: 'person' } },
  };
  expect(next([...planned, another], 'auto')).toMatchObject({ do: 'turn', purpose: 'plan' });
});
test('locked checks run on the base before the work begins', () => {
  expect(next(approved)).toEqual({ do: 'verify', checkpointId: 'ck-0', checkIds: ['C-1'], onBase: true });
  expect(next([...approved, seen('failed', 'base')])).toMatchObject({ do: 'turn', purpose: 'work' });
});
test('a turn that was open goes on', () => {
  expect(next([...approved, seen('failed', 'base'), turn(2, 'work')[0] as Fact])).toMatchObject({
    do: 'turn',
    purpose: 'work',
  });
});
test('work is verified on the head tree', () => {
  expect(next(worked)).toEqual({ do: 'verify', checkpointId: 'ck-1', checkIds: ['C-1'], onBase: false });
});
test('a failing requirement is repaired a bounded number of times, then a person is asked', () => {
  const failing = [...worked, seen('failed', 'head')];
  expect(next(failing)).toMatchObject({ do: 'turn', purpose: 'repair' });
  expect(next([...failing, ...turn(3, 'repair')])).toMatchObject({ do: 'wait', for: 'review' });
});
test('a proven result waits for review, or is approved on the spot', () => {
  const proven = [...worked, seen('passed', 'head')];
  expect(next(proven)).toMatchObject({ do: 'wait', for: 'review' });
  expect(next(proven, 'auto')).toMatchObject({ do: 'approve', tree, notProven: [] });
});
test('a proven result is not delivered unseen where nobody knows what the project’s own tests said before', () => {
  const [first, ...rest] = [...worked, seen('passed', 'head')];
  const survey = { checkpointId: 'ck-0', files: 1, bytes: 1, toolchains: [], kept: 0, red: 0, redTests: [], notes: [] };
  const surveyed = (hindered: boolean): Fact => ({ type: 'source.surveyed', data: { ...survey, hindered } });
  expect(next([first, surveyed(false), ...rest], 'auto')).toMatchObject({ do: 'approve' });
  expect(next([first, surveyed(true), ...rest], 'auto')).toMatchObject({
    do: 'wait',
    for: 'review',
    sentence: expect.stringContaining('could not be run before the work') as string,
  });
});
test('the checks of a review candidate are judged by mutants once, before anybody reviews or approves', () => {
  const proven = [...worked, seen('passed', 'head')];
  const asks = (facts: readonly Fact[], mutationMs = 1): Action =>
    decide(after(facts, 'auto'), { ...bounds, mutationMs });
  expect(asks(proven)).toEqual({ do: 'mutate', checkpointId: 'ck-1', checkIds: ['C-1'] });
  expect(asks([...proven, judged({ killed: 1 })])).toMatchObject({ do: 'approve' });
  expect(asks([...proven, judged({ killed: 0 })])).toMatchObject({ do: 'wait', for: 'review' });
  expect(asks(proven, 0)).toMatchObject({ do: 'approve' });
});
test('an inconclusive result is not repaired and never approved by the factory itself', () => {
  expect(next([...worked, seen('inconclusive', 'head')], 'auto')).toMatchObject({ do: 'wait', for: 'review' });
});
test('feedback at review starts another turn of work', () => {
  const proven = [...worked, seen('passed', 'head')];
  const waiting = [...proven, began(next(proven))];
  expect(next(waiting)).toEqual({ do: 'rest' });
  expect(next([...waiting, feedback])).toMatchObject({ do: 'turn', purpose: 'work' });
});
test('an approval of another tree delivers nothing', () => {
  const stale: Fact = { type: 'result.approved', data: { checkpointId: 'ck-0', tree: base, notProven: [] } };
  const wanted: Fact = { type: 'export.requested', data: { exportId: 'x', destination: { kind: 'zip' } } };
  expect(next([...worked, seen('passed', 'head'), stale, wanted])).toMatchObject({ do: 'wait', for: 'review' });
});
test('an approved tree is delivered, and the run then finishes', () => {
  const right: Fact = { type: 'result.approved', data: { checkpointId: 'ck-1', tree, notProven: [] } };
  const wanted: Fact = { type: 'export.requested', data: { exportId: 'x', destination: { kind: 'zip' } } };
  const done: Fact = {
    type: 'export.delivered',
    data: { exportId: 'x', tree, location: 'x.zip', files: [], leftOut: [] },
  };
  const ready = [...worked, seen('passed', 'head'), right, wanted];
  expect(next(ready)).toEqual({ do: 'deliver', exportId: 'x' });
  expect(next([...ready, done])).toMatchObject({ do: 'finish', outcome: 'delivered' });
});
test('nothing happens to a paused, failed or cancelled run', () => {
  for (const fact of [
    { type: 'run.paused', data: {} },
    { type: 'run.cancelled', data: {} },
    { type: 'run.failed', data: { code: 'x', reason: 'y' } },
  ] as Fact[]) {
    expect(next([...worked, fact])).toEqual({ do: 'rest' });
  }
});
test('a restored tree is shown for review and not repaired', () => {
  const restored: Fact[] = [
    { type: 'restore.requested', data: { checkpointId: 'ck-0' } },
    { type: 'checkpoint.restored', data: { checkpointId: 'ck-0' } },
  ];
  expect(next([...worked, seen('passed', 'head'), restored[0] as Fact])).toEqual({
    do: 'restore',
    checkpointId: 'ck-0',
    paths: null,
  });
  const onBaseTree: Fact = {
    type: 'evidence.recorded',
    data: { evidence: { ...(seen('failed', 'base').data as { evidence: Evidence }).evidence, onBase: false } },
  };
  expect(next([...worked, seen('passed', 'head'), ...restored, onBaseTree])).toMatchObject({
    do: 'wait',
    for: 'review',
  });
});
