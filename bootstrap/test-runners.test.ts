import { describe, expect, it } from 'vitest';
import { failedFiles, settle, tallyPlaywright, tallyVitest, withSecondRun } from './test-runners.mjs';

function quietly(): void {}

interface Tally {
  passed: number;
  failures: string[];
  skipped: number;
}

function judge(code: number, tally: Tally | undefined): Tally {
  return settle('a runner', { code, report: tally }, (report: Tally) => report);
}

describe('the tally', () => {
  it('believes a runner whose exit code and report agree', () => {
    expect(judge(0, { passed: 3, failures: [], skipped: 1 })).toEqual({ passed: 3, failures: [], skipped: 1 });
    expect(judge(1, { passed: 3, failures: ['a', 'b'], skipped: 0 })).toEqual({
      passed: 3,
      failures: ['a', 'b'],
      skipped: 0,
    });
  });

  it('counts a runner that died, collected nothing or contradicts its report as failed', () => {
    expect(judge(137, undefined).failures).toEqual(['a runner: exit code 137 and no readable report.']);
    expect(judge(0, undefined).failures).toHaveLength(1);
    expect(judge(0, { passed: 0, failures: [], skipped: 0 }).failures).toEqual(['a runner: no test was collected.']);
    expect(judge(1, { passed: 3, failures: [], skipped: 0 }).failures).toHaveLength(1);
  });

  it('counts unfinished tests and broken files as failed, and names each with its first line', () => {
    const tests = [
      { file: 'a.test.ts', name: 'a', state: 'passed' },
      { file: 'a.test.ts', name: 'b', state: 'pending' },
      { file: 'a.test.ts', name: 'c', state: 'skipped', note: 'no bwrap' },
    ];
    const errors = [{ file: 'b.test.ts', name: '', problem: 'no such module' }, { problem: 'a stray rejection' }];
    expect(tallyVitest({ tests, errors }, quietly)).toEqual({
      passed: 1,
      failures: ['a.test.ts  b: it never ended', 'b.test.ts  : no such module', '  : a stray rejection'],
      skipped: 1,
    });
  });

  it('names a browser test that passed only on its second try, and counts one that never did as failed', () => {
    const results = [{ errors: [{ message: 'too slow\nand more' }] }];
    const tests = ['flaky', 'unexpected'].map((status) => ({ status, annotations: [], results }));
    const suites = [{ specs: [{ title: 'a page', file: 'a.spec.ts', tests }] }];
    const told: string[] = [];
    const report = { suites, errors: [], stats: { expected: 4, flaky: 1, skipped: 0 } };
    const tally = tallyPlaywright(report, (line: string) => told.push(line));
    expect(tally).toEqual({ passed: 5, failures: ['a.spec.ts  a page: too slow'], skipped: 0 });
    expect(told).toEqual(['UNSTEADY a.spec.ts  a page: too slow']);
  });
});

describe('a second run', () => {
  const steady = { file: 'a.test.ts', name: 'steady', state: 'passed' };
  const broken = { file: 'b.test.ts', name: 'broken', state: 'failed', problem: 'as expected' };
  const slow = { file: 'b.test.ts', name: 'slow', state: 'failed', problem: 'timed out' };
  const first = { tests: [steady, broken, slow], errors: [] };

  it('takes the place of the first one for the files that failed, and names what was unsteady', () => {
    const told: string[] = [];
    const second = { tests: [broken, { ...slow, state: 'passed' }], errors: [] };
    const whole = withSecondRun(first, second, (line: string) => told.push(line));
    expect(tallyVitest(whole, quietly)).toEqual({
      passed: 2,
      failures: ['b.test.ts  broken: as expected'],
      skipped: 0,
    });
    expect(told).toEqual(['UNSTEADY b.test.ts  slow: timed out']);
  });

  it('is not asked where a failure belongs to no file', () => {
    expect(failedFiles(first)).toEqual(['b.test.ts']);
    expect(failedFiles({ ...first, errors: [{ problem: 'a stray rejection' }] })).toEqual([]);
  });
});
