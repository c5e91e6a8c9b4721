import {
  beginState,
  type Check,
  type Evidence,
  type RunEvent,
  type RunStage,
  type RunState,
} from '@devfactory/contracts';
import { describe, expect, test } from 'vitest';
import { exitCodeOf } from './exit-code.ts';

const digest = 'a'.repeat(64);
const baseDigest = 'b'.repeat(64);

function created(autonomy: 'auto' | 'approve-plan'): RunEvent {
  const request = {
    agent: 'blueprint',
    source: { kind: 'empty' as const },
    autonomy,
    deliverUnproven: false,
    destinations: [{ kind: 'zip' as const }],
  };
  const data = { name: 'x', request, body: digest, promptHead: 'x' };
  return {
    runId: 'run_abcdefgh234567ab',
    seq: 1,
    at: '2026-01-01T00:00:00.000Z',
    actor: { kind: 'factory' },
    type: 'run.created',
    data,
  };
}

function evidence(onBase: boolean, verdict: Evidence['verdict']): Evidence {
  const place = { checkpointId: onBase ? 'ck-0' : 'ck-1', tree: onBase ? baseDigest : digest };
  return {
    id: 'e',
    verificationId: 'v',
    checkId: 'C-1',
    checkVersion: 1,
    checkDigest: digest,
    requirementId: 'R-1',
    requirementVersion: 1,
    ...place,
    onBase,
    verdict,
    cause: null,
    vantage: 'outside',
    command: 'x',
    exitCode: 0,
    durationMs: 1,
    executions: 1,
    excerpt: '',
    output: null,
  };
}

const checkpoint = {
  label: '',
  step: null,
  manifest: digest,
  packs: [],
  files: 0,
  bytes: 0,
  leftOut: [],
  torn: false,
  changed: { added: 0, modified: 0, removed: 0 },
};

/** A run with one requirement whose check failed on the base and has `verdict` now. */
function standing(stage: RunStage, verdict: Evidence['verdict'], autonomy: 'auto' | 'approve-plan' = 'auto'): RunState {
  const begun = beginState(created(autonomy));
  const check: Check = {
    id: 'C-1',
    version: 1,
    requirementId: 'R-1',
    title: 'x',
    intent: 'change',
    timeoutMs: 1000,
    kind: 'http',
    spec: digest,
  };
  return {
    ...begun,
    stage,
    requirements: [{ id: 'R-1', version: 1, text: 'x', priority: 'must', origin: 'person' }],
    plan: { ...begun.plan, locked: [check] },
    checkpoints: [
      { ...checkpoint, id: 'ck-0', reason: 'base', tree: baseDigest },
      { ...checkpoint, id: 'ck-1', reason: 'step', tree: digest },
    ],
    head: 'ck-1',
    evidence: [evidence(true, 'failed'), evidence(false, verdict)],
  };
}

const review: RunStage = { name: 'waiting', for: 'review', sentence: '', since: '' };

describe('the exit code', () => {
  test('is 0 only for a delivered result with every requirement proven', () => {
    expect(exitCodeOf(standing({ name: 'delivered' }, 'passed'))).toBe(0);
    expect(exitCodeOf(standing({ name: 'delivered' }, 'failed'))).toBe(3);
  });

  test('a waived or accepted requirement is not proven', () => {
    const marks = { 'R-1': { kind: 'waived' as const, reason: 'later', by: { kind: 'factory' as const }, tree: null } };
    expect(exitCodeOf({ ...standing({ name: 'delivered' }, 'failed'), marks })).toBe(3);
  });

  test('no requirement at all is nothing proven', () => {
    expect(exitCodeOf({ ...standing({ name: 'delivered' }, 'passed'), requirements: [] })).toBe(3);
  });

  test('what counts is the approved tree, not what came after it', () => {
    const state = standing({ name: 'delivered' }, 'passed');
    const later = { ...checkpoint, id: 'ck-2', reason: 'step' as const, tree: 'c'.repeat(64) };
    const approval = { checkpointId: 'ck-1', tree: digest, notProven: [] };
    expect(exitCodeOf({ ...state, checkpoints: [...state.checkpoints, later], head: 'ck-2', approval })).toBe(0);
  });

  test('is 4 when a person is asked, and 3 when nobody was to be asked and something is not proven', () => {
    expect(exitCodeOf(standing(review, 'passed', 'approve-plan'))).toBe(4);
    expect(exitCodeOf(standing(review, 'failed', 'approve-plan'))).toBe(4);
    expect(exitCodeOf(standing(review, 'failed', 'auto'))).toBe(3);
    expect(exitCodeOf(standing({ ...review, for: 'answer' }, 'failed', 'auto'))).toBe(4);
    expect(exitCodeOf({ ...standing({ name: 'working' }, 'failed'), paused: true })).toBe(4);
  });

  test('is 1 when the run failed, was cancelled, or could not be delivered', () => {
    expect(exitCodeOf(standing({ name: 'failed', code: 'x', reason: 'x' }, 'passed'))).toBe(1);
    expect(exitCodeOf(standing({ name: 'cancelled' }, 'passed'))).toBe(1);
    expect(exitCodeOf(standing({ name: 'finished', sentence: 'Delivery failed' }, 'passed'))).toBe(1);
    expect(exitCodeOf(standing({ name: 'working' }, 'passed'))).toBe(1);
  });
});
