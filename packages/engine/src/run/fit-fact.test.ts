import { limits, parseNewEvent, utf8Length, type Fact } from '@devfactory/contracts';
import { expect, test } from 'vitest';
import { digest, made, seen } from '../../test/facts.ts';
import { fitFact } from './fit-fact.ts';

const size = (fact: Fact): number => utf8Length(JSON.stringify(fact.data));
const writes = (fact: Fact): unknown => parseNewEvent({ ...fact, actor: { kind: 'factory' } });

test('a fact that fits stays the very same', () => {
  const fact: Fact = { type: 'turn.ended', data: { turn: 1, outcome: 'finished', summary: 'done' } };
  expect(fitFact(fact)).toBe(fact);
});
test('a hundred calls with long titles fit, and each keeps its id and tool', () => {
  const calls = Array.from({ length: 100 }, (_, index) => ({
    id: `1.${index}:x`,
    tool: 'shell',
    title: '字'.repeat(300),
  }));
  const usage = { inputTokens: 0, cachedTokens: 0, outputTokens: 0, costUsd: 0 };
  const fact: Fact = { type: 'step.answered', data: { step: 1, body: digest, text: '😀'.repeat(2000), calls, usage } };
  const fitted = fitFact(fact);
  expect(size(fitted)).toBeLessThanOrEqual(limits.eventBytes);
  expect(fitted.data).toMatchObject({ body: digest, calls: calls.map(({ id, tool }) => ({ id, tool })) });
  expect(() => writes(fitted)).not.toThrow();
});
test('control characters, which take six bytes each, fit', () => {
  const fact: Fact = { type: 'turn.ended', data: { turn: 1, outcome: 'finished', summary: '\u0001'.repeat(8000) } };
  expect(size(fitFact(fact))).toBeLessThanOrEqual(limits.eventBytes);
});
test('what an odd repository is full of fits: names of red tests, of paths, of mutated files', () => {
  const many = (count: number, length: number): string[] =>
    Array.from({ length: count }, () => '\u0001'.repeat(length));
  const note = { kind: 'tests-red' as const, sentence: '字'.repeat(1000), paths: many(20, 300) };
  const surveyed: Fact = {
    type: 'source.surveyed',
    data: {
      checkpointId: 'ck-0',
      files: 1,
      bytes: 1,
      toolchains: [],
      kept: 0,
      red: 60,
      redTests: many(50, 300),
      notes: Array.from({ length: 8 }, () => note),
    },
  };
  const survivor = {
    path: '字'.repeat(1000),
    line: 1,
    change: 'removed-call',
    outcome: 'survived',
    diff: '字'.repeat(900),
  };
  const mutation = {
    id: 'm',
    checkId: 'C-1',
    checkVersion: 1,
    checkDigest: digest,
    requirementId: 'R-1',
    checkpointId: 'ck-1',
    tree: digest,
    baseTree: digest,
    outcome: 'judged',
    killed: 0,
    survived: 5,
    unusable: 0,
    agrees: many(20, 500),
    reason: '字'.repeat(900),
    survivors: Array.from({ length: 5 }, () => survivor),
    body: digest,
    durationMs: 1,
  };
  const recorded = { type: 'mutation.recorded', data: { mutation } } as Fact;
  for (const fact of [surveyed, recorded]) {
    const fitted = fitFact(fact);
    expect(size(fitted)).toBeLessThanOrEqual(limits.eventBytes);
    expect(() => writes(fitted)).not.toThrow();
  }
  expect(fitFact(recorded).data).toMatchObject({ mutation: { tree: digest, survived: 5, checkDigest: digest } });
  expect(fitFact(surveyed).data).toMatchObject({ red: 60, notes: { length: 8 } });
});
test('no character is cut in two', () => {
  const fact: Fact = {
    type: 'question.asked',
    data: { questionId: 'q', question: `x${'😀'.repeat(20_000)}`, options: ['😀'.repeat(9000), 'b'] },
  };
  const text = JSON.stringify(fitFact(fact).data);
  expect(text).not.toMatch(/\\ud[89a-f]/i);
  expect(utf8Length(text)).toBeLessThanOrEqual(limits.eventBytes);
});
test('evidence of very many tests keeps its verdict, its digests and the tests that did not pass', () => {
  const fact = structuredClone(seen('failed', 'head')) as Extract<Fact, { type: 'evidence.recorded' }>;
  const tests = Array.from({ length: 500 }, (_, index) => ({
    id: `${index} ${'t'.repeat(490)}`,
    outcome: index === 499 ? ('failed' as const) : ('passed' as const),
  }));
  const fitted = fitFact({ ...fact, data: { evidence: { ...fact.data.evidence, tests } } });
  expect(size(fitted)).toBeLessThanOrEqual(limits.eventBytes);
  expect(fitted.data).toMatchObject({
    evidence: {
      verdict: 'failed',
      checkDigest: digest,
      tests: expect.arrayContaining([expect.objectContaining({ outcome: 'failed' })]),
    },
  });
  expect(() => writes(fitted)).not.toThrow();
});
test('a checkpoint that left out many long names keeps its hashes', () => {
  const fact = structuredClone(made('ck-1', digest, 'step')) as Extract<Fact, { type: 'checkpoint.made' }>;
  const fitted = fitFact({
    ...fact,
    data: { checkpoint: { ...fact.data.checkpoint, leftOut: Array.from({ length: 50 }, () => '字'.repeat(300)) } },
  });
  expect(size(fitted)).toBeLessThanOrEqual(limits.eventBytes);
  expect(fitted.data).toMatchObject({ checkpoint: { tree: digest, manifest: digest } });
});
test('the given fact is not changed', () => {
  const fact: Fact = { type: 'turn.ended', data: { turn: 1, outcome: 'finished', summary: '字'.repeat(20_000) } };
  fitFact(fact);
  expect(fact.data).toMatchObject({ summary: '字'.repeat(20_000) });
});
test('what is no text and still too large is refused with a word, not cut', () => {
  const checks = Array.from({ length: 500 }, (_, index) => ({ id: `C-${index + 1}`, version: 1, digest }));
  expect(() => fitFact({ type: 'plan.approved', data: { version: 1, lock: digest, checks } })).toThrow(/plan.approved/);
});
test('the approval of the largest plan fits', () => {
  const checks = Array.from({ length: limits.checks }, (_, index) => ({
    id: `C-${9000 + index}`,
    version: 10,
    digest,
  }));
  const fact: Fact = { type: 'plan.approved', data: { version: 99, lock: digest, checks } };
  expect(fitFact(fact)).toBe(fact);
});
