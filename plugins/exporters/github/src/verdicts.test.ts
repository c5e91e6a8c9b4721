import { describe, expect, test } from 'vitest';
import { Delivering } from './testing/delivering.ts';
import { runId } from './testing/request.ts';

describe('a delivery to GitHub', () => {
  const at = Delivering.forEach();

  test('has the label and a commit status with the verdicts, however often it is delivered', async () => {
    const change = {
      proof: {
        json: '{}',
        report: '',
        summary: {
          prompt: 'x',
          requirements: [
            { id: 'R-1', text: 'a', status: 'proven', checks: [] },
            { id: 'R-2', text: 'b', status: 'waived', checks: [] },
          ],
        },
      },
    };
    await at.deliver(change);
    const { notes } = await at.deliver(change);
    expect([...(at.forge.pulls[0]?.labels ?? [])]).toEqual(['ai-devfactory']);
    expect(at.forge.api.statuses.get(at.head())?.at(-1)).toEqual({
      context: 'AI DevFactory',
      state: 'success',
      description: '1 of 2 requirements proven; a person took R-2',
    });
    expect(at.forge.api.checkRuns).toEqual([]);
    expect(notes).toEqual([]);
    await at.deliver({
      proof: {
        json: '{}',
        report: '',
        summary: { prompt: 'x', requirements: [{ id: 'R-1', text: 'a', status: 'failing', checks: [] }] },
      },
    });
    expect(at.forge.api.statuses.get(at.head())?.at(-1)).toMatchObject({ state: 'failure' });
  });

  test('has one check run where the token is that of an app', async () => {
    at.forge.token = 'ghs_app0token0app0token';
    await at.deliver();
    await at.deliver();
    expect(at.forge.api.checkRuns).toMatchObject([
      {
        name: 'AI DevFactory',
        head_sha: at.head(),
        external_id: runId,
        conclusion: 'success',
        output: { title: '1 of 1 requirements proven' },
      },
    ]);
    expect(at.forge.api.statuses.size).toBe(0);
  });

  test('says what the token may not write beside it', async () => {
    at.forge.api.mayWriteStatuses = false;
    const { notes } = await at.deliver();
    expect(notes).toEqual([expect.stringContaining('may not write commit statuses')]);
    expect(at.forge.pulls).toHaveLength(1);
  });
});
