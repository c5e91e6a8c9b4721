import { expect, test } from 'vitest';
import { CheckLog, commandLine, cut, tail } from './log.ts';

test('a log stays within its bound and says what it dropped', () => {
  const log = new CheckLog();
  for (let part = 0; part < 30; part += 1) log.line('x'.repeat(100_000));
  expect(log.text().length).toBeLessThan(1_000_100);
  expect(log.text()).toMatch(/more characters were dropped/);
});
test('a text is cut between characters', () => {
  expect(cut('aäöü', 6)).toBe('aä…');
  expect(cut('short', 6)).toBe('short');
  expect(cut('\ud800', 10)).toBe('\ufffd');
});
test('an argv reads like a command line', () => {
  expect(commandLine(['python3', '-c', "print('hi')", ''])).toBe(`python3 -c 'print('\\''hi'\\'')' ''`);
});
test('an excerpt is the end of what was said, without colours', () => {
  const said = { exitCode: 1, signal: null, timedOut: false, dropped: 0, durationMs: 1 };
  const both = { ...said, stdout: 'one\n\u001b[0m', stderr: '\u001b[1;31m[ERROR]\u001b[m two\n' };
  expect(tail(both)).toBe('one\n[ERROR] two');
  expect(tail({ ...said, stdout: 'a'.repeat(20), stderr: '' }, 3)).toBe('…aaa');
});
