import { describe, expect, it } from 'vitest';
import { settle, tallyPlaywright, tallyVitest } from './test-runners.mjs';

function quietly(): void {}

interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

function judge(ended: { code: number; tally: Tally | undefined }): Tally {
  return settle('a runner', ended, quietly);
}

describe('the tally', () => {
  it('believes a runner whose exit code and report agree', () => {
    expect(judge({ code: 0, tally: { passed: 3, failed: 0, skipped: 1 } })).toEqual({
      passed: 3,
      failed: 0,
      skipped: 1,
    });
    expect(judge({ code: 1, tally: { passed: 3, failed: 2, skipped: 0 } })).toEqual({
      passed: 3,
      failed: 2,
      skipped: 0,
    });
  });

  it('counts a runner that died, collected nothing or contradicts its report as failed', () => {
    expect(judge({ code: 137, tally: undefined }).failed).toBe(1);
    expect(judge({ code: 0, tally: undefined }).failed).toBe(1);
    expect(judge({ code: 0, tally: { passed: 0, failed: 0, skipped: 0 } }).failed).toBe(1);
    expect(judge({ code: 1, tally: { passed: 3, failed: 0, skipped: 0 } }).failed).toBe(1);
  });

  it('counts unfinished tests and broken files as failed', () => {
    const tests = [
      { name: 'a', state: 'passed' },
      { name: 'b', state: 'pending' },
      { name: 'c', state: 'skipped', note: 'no bwrap' },
    ];
    expect(tallyVitest({ tests, errors: 2 }, quietly)).toEqual({ passed: 1, failed: 3, skipped: 1 });
  });

  it('counts a flaky browser test as failed', () => {
    const stats = { expected: 4, unexpected: 0, flaky: 1, skipped: 0 };
    expect(tallyPlaywright({ suites: [], errors: [], stats })).toEqual({ passed: 4, failed: 1, skipped: 0 });
  });
});
