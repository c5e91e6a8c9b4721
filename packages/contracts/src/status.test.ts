import { expect, test } from 'vitest';
import type { Check, Evidence, Mutation, Requirement } from './index.ts';
import { requirementStatus } from './status.ts';

const base = 'a'.repeat(64);
const tree = 'b'.repeat(64);
const spec = 'c'.repeat(64);
const requirement: Requirement = { id: 'R-1', version: 1, text: 'x', priority: 'must', origin: 'person' };
const check: Check = {
  id: 'C-1',
  version: 1,
  requirementId: 'R-1',
  title: 't',
  intent: 'change',
  timeoutMs: 1000,
  kind: 'http',
  spec,
};

function evidence(change: Partial<Evidence>): Evidence {
  return {
    id: 'e',
    verificationId: 'v',
    checkId: 'C-1',
    checkVersion: 1,
    checkDigest: spec,
    requirementId: 'R-1',
    requirementVersion: 1,
    checkpointId: 'ck-1',
    tree,
    onBase: false,
    verdict: 'passed',
    cause: null,
    vantage: 'outside',
    command: '',
    exitCode: 0,
    durationMs: 1,
    executions: 2,
    excerpt: '',
    output: null,
    ...change,
  };
}
const red = evidence({ tree: base, onBase: true, verdict: 'failed', cause: 'absent' });
const ask = (items: Evidence[], over: { check?: Check; requirement?: Requirement; mutations?: Mutation[] } = {}) =>
  requirementStatus({
    requirement: over.requirement ?? requirement,
    checks: [over.check ?? check],
    evidence: items,
    mutations: over.mutations ?? [],
    tree,
    baseTree: base,
  });

test('without a locked check nothing is ever proven', () => {
  expect(
    requirementStatus({ requirement, checks: [], evidence: [red, evidence({})], mutations: [], tree, baseTree: base }),
  ).toBe('unchecked');
});
test('a pass on this tree that failed on the base is proven', () => {
  expect(ask([red, evidence({})])).toBe('proven');
});
test('a pass without evidence on the base is unproven', () => {
  expect(ask([evidence({})])).toBe('unproven');
});
test('a pass that the base passed too is weak', () => {
  expect(ask([evidence({ tree: base, onBase: true }), evidence({})])).toBe('weak');
});
test('a keep check must have passed on the base', () => {
  const keep: Check = { ...check, intent: 'keep' };
  expect(ask([evidence({ tree: base, onBase: true }), evidence({})], { check: keep })).toBe('proven');
  expect(ask([red, evidence({})], { check: keep })).toBe('weak');
});
test('the latest evidence on a tree counts, and inconclusive is no pass', () => {
  expect(ask([red, evidence({}), evidence({ verdict: 'failed' })])).toBe('failing');
  expect(ask([red, evidence({ verdict: 'inconclusive' })])).toBe('failing');
});
test('evidence of another tree, wording or check version is stale', () => {
  expect(ask([red, evidence({ tree: 'd'.repeat(64) })])).toBe('stale');
  expect(ask([red, evidence({})], { requirement: { ...requirement, version: 2 } })).toBe('stale');
  expect(ask([red, evidence({})], { check: { ...check, version: 2 } })).toBe('stale');
});
test('evidence for another digest than the locked one does not count', () => {
  expect(ask([red, evidence({ checkDigest: 'e'.repeat(64) })])).toBe('stale');
});
test('a pass on the base tree itself proves no change: the check answered both ways about the same code', () => {
  expect(
    requirementStatus({
      requirement,
      checks: [check],
      evidence: [red, evidence({ tree: base })],
      mutations: [],
      tree: base,
      baseTree: base,
    }),
  ).toBe('weak');
});

function mutation(change: Partial<Mutation>): Mutation {
  return {
    id: 'm',
    checkId: 'C-1',
    checkVersion: 1,
    checkDigest: spec,
    requirementId: 'R-1',
    checkpointId: 'ck-1',
    tree,
    baseTree: base,
    outcome: 'judged',
    killed: 0,
    survived: 3,
    unusable: 0,
    agrees: [],
    reason: '',
    survivors: [],
    body: null,
    durationMs: 1,
    ...change,
  };
}
const judged = (change: Partial<Mutation>): string => ask([red, evidence({})], { mutations: [mutation(change)] });

test('a check that notices none of three mutants is weak, and one that notices one of them is not', () => {
  expect(judged({})).toBe('weak');
  expect(judged({ killed: 1 })).toBe('proven');
  expect(judged({ survived: 2 })).toBe('proven');
});
test('a test that agrees with anything is weak, whatever else it notices', () => {
  expect(judged({ killed: 5, agrees: ['test_total'] })).toBe('weak');
});
test('where mutants could not be judged they take nothing away', () => {
  expect(judged({ outcome: 'not-applicable' })).toBe('proven');
  expect(judged({ outcome: 'inconclusive' })).toBe('proven');
});
test('mutants of another tree, base or check say nothing', () => {
  for (const change of [{ tree: base }, { baseTree: tree }, { checkDigest: base }, { checkVersion: 2 }])
    expect(judged(change)).toBe('proven');
});
test('mutants never make a proof: a failure stays one', () => {
  const failing = [red, evidence({ verdict: 'failed' })];
  expect(ask(failing, { mutations: [mutation({ killed: 9 })] })).toBe('failing');
});
