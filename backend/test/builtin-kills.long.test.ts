import { expect, test } from 'vitest';
import { killRuns } from './builtin-kills.ts';

test('runs with a model that are killed at every eighth event, each begun one later, end proven, with nothing asked or done twice', async ({
  skip,
}) => {
  const killed = await killRuns({ from: [1, 2, 3, 4, 5, 6, 7, 8], stride: 8 });
  if (typeof killed === 'string') return skip(killed);
  console.log(`killed at ${[...killed].map(([type, times]) => `${type} ${times}`).join(', ')}`);
  for (const type of ['model.called', 'model.answered', 'step.answered', 'tool.started', 'tool.ended'])
    expect(killed.get(type) ?? 0, `kills at ${type}`).toBeGreaterThan(0);
}, 1_800_000);
