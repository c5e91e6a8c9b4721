import { describe, expect, test } from 'vitest';
import { readArguments } from './arguments.ts';
import { UsageError } from './failure.ts';

const options = { json: { about: '' }, export: { value: 'zip:PATH', about: '' } };
const complaint = (...args: string[]): string => {
  try {
    readArguments(args, options);
    return '';
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as Error).message;
  }
};

describe('arguments', () => {
  test('are words, values and flags in any order', () => {
    const given = readArguments(['a', '--export', 'zip:x', 'b', '--json', '--', '--not-an-option'], options);
    expect(given.words).toEqual(['a', 'b', '--not-an-option']);
    expect(given.text('export')).toBe('zip:x');
    expect(given.flag('json')).toBe(true);
  });

  test('take a value that begins with a dash when it is written with =', () => {
    expect(readArguments(['--export=-x'], options).text('export')).toBe('-x');
    expect(complaint('--export', '-x')).toContain('--export=-x');
  });

  test('a single dash is a word: stdin', () => {
    expect(readArguments(['-'], options).words).toEqual(['-']);
  });

  test('an unknown option is refused and the nearest one named', () => {
    expect(complaint('--exprot', 'zip:x')).toBe('There is no option --exprot; did you mean --export?');
    expect(complaint('-x')).toBe('There is no option -x.');
    expect(complaint('--constructor')).toBe('There is no option --constructor.');
  });

  test('a missing or unwanted value is refused', () => {
    expect(complaint('--export')).toBe('--export needs a value: --export zip:PATH');
    expect(complaint('--export=')).toBe('--export needs a value: --export zip:PATH');
    expect(complaint('--json=yes')).toBe('--json takes no value.');
  });
});
