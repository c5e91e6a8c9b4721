import { createClient } from '@devfactory/client';
import { expect, test } from 'vitest';
import { runOf } from './run-argument.ts';

/** Nothing listens there: whoever asks it fails with other words. */
const nowhere = createClient({ baseUrl: 'http://127.0.0.1:9', token: 'none' });

test('an id is taken as it is', async () => {
  expect(await runOf(nowhere, 'run_abcdefgh234567ij')).toBe('run_abcdefgh234567ij');
});
test.each(['../../etc', 'latest', 'run_1', ''])('%j is no run, which is said before anyone is asked', async (word) => {
  await expect(runOf(nowhere, word)).rejects.toThrow(`'${word}' is no run: give its id`);
});
