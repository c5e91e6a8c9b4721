import { expect, test } from 'vitest';
import { CheckLog, commandLine, cut } from './log.ts';

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
