import { expect, test } from 'vitest';
import { killRuns } from './builtin-kills.ts';

test('a run with a model that is killed again and again ends proven, with nothing asked or done twice', async ({
  skip,
}) => {
  const killed = await killRuns({ from: [7], stride: 10 });
  if (typeof killed === 'string') return skip(killed);
  expect([...killed.values()].reduce((sum, times) => sum + times, 0)).toBeGreaterThanOrEqual(4);
}, 600_000);
