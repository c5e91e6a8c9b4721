import { expect, test } from 'vitest';
import { findProblem } from './probe.ts';

test('the command that mends a machine is told once, apart from what was found', async () => {
  const error = new Error('Not installed: bwrap. Run: apt-get install -y bubblewrap');
  expect(await findProblem(error)).toEqual({ found: 'Not installed: bwrap.', fix: 'apt-get install -y bubblewrap' });
});
test('what nobody knows a way out of is told as it is', async () => {
  expect(await findProblem(new Error('The disk is on fire.'))).toEqual({ found: 'The disk is on fire.', fix: '' });
});
