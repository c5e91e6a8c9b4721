import { spawnSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../factory.ts';
import { key, OwnAgentStage, why } from './own-agent-stage.ts';

const alive = (pattern: string): boolean => spawnSync('pgrep', ['-f', pattern]).status === 0;
/** Looks now and then: looking costs a process. */
async function untilSeen(pattern: string, wished: 'alive' | 'gone'): Promise<void> {
  for (const deadline = performance.now() + 120_000; performance.now() < deadline; await pause(300))
    if (alive(pattern) === (wished === 'alive')) return;
  throw new Error(`${pattern} is not ${wished}`);
}

describe.skipIf(why !== null)(
  `an outside agent that misbehaves${why ? ` (skipped: ${why})` : ''}`,
  { timeout: 240_000 },
  () => {
    let stage: OwnAgentStage;
    beforeAll(async () => {
      stage = await OwnAgentStage.start();
      await stage.add('bad', `--vendor=${stage.vendor.port}`);
    });
    afterAll(() => stage?.end());

    test('and tries to get out reaches nothing but the one door, and that with its own token alone', async () => {
      const asked = stage.vendor.requests.length;
      const state = await stage.ran('bad', 'escapes');
      expect(state.stage).toEqual({ name: 'delivered' });
      const tried = await stage.fileOf(state, 'tried.txt');
      expect(tried.trim().split('\n')).toEqual([
        expect.stringMatching(/^metadata: (?:refused|answered 403)/),
        expect.stringMatching(/^vendor: (?:refused|answered 403)/),
        expect.stringMatching(/^model server: refused ECONNREFUSED/),
        expect.stringMatching(/^another token: answered 401/),
        expect.stringMatching(/^shadow: (?:not there|EACCES)/),
        expect.stringMatching(/^write to \/usr: E(?:ROFS|ACCES|PERM)/),
        expect.stringMatching(/^write to its own program: E(?:ROFS|ACCES|PERM|NOENT)/),
      ]);
      // Its own question, by the door, and nothing else.
      expect(stage.vendor.requests.length - asked).toBe(1);
      expect(JSON.stringify(await stage.factory.log(state.id))).not.toContain(key);
    });

    test('and asks for everything at once is answered by the policy, and changes the outcome of nothing', async () => {
      const state = await stage.ran('bad', 'greedy');
      expect(state.stage).toEqual({ name: 'delivered' });
      expect(state.steps.map(({ text }) => text).join(' ')).toContain('500 of 500 were allowed.');
      const refused = await stage.ran('bad', 'greedy', { agentOptions: { permissions: { edit: 'reject' } } });
      expect(refused.stage).toMatchObject({ name: 'waiting', for: 'review' });
      expect(refused.steps.map(({ text }) => text).join(' ')).toContain('0 of 500 were allowed.');
      expect(refused.steps.flatMap(({ checkpointId }) => checkpointId ?? [])).toEqual([]);
    });

    test('and sends a message without an end is ended, started again and given up, with the server unharmed', async () => {
      const before = process.memoryUsage().rss;
      const state = await stage.ran('bad', 'endless');
      expect(state.stage).toMatchObject({ name: 'failed', code: 'agent_died' });
      expect(process.memoryUsage().rss - before).toBeLessThan(400_000_000);
      expect((await stage.factory.ask('/healthz')).status).toBe(200);
    });

    test.for(['obedient', 'stubborn'])(
      'and is %s when its run is cancelled is gone with all it started',
      async (mode) => {
        const id = await stage.begun('bad', mode);
        await untilSeen('^sleep 471[3]', 'alive');
        await stage.factory.command(id, { do: 'cancel' });
        await stage.factory.until(id, ({ stage: at }) => at.name === 'cancelled', 120_000);
        await untilSeen('^sleep 471[3]', 'gone');
        expect(alive('agent[.]mjs --vendor')).toBe(false);
      },
    );

    test('and is paused hears session/cancel, keeps its session, and goes on where a person lets it', async () => {
      await stage.add('pausing', '--load');
      const id = await stage.begun('pausing', 'obedient');
      await untilSeen('^sleep 471[3]', 'alive');
      await stage.factory.command(id, { do: 'pause' });
      await stage.factory.until(id, ({ paused }) => paused, 120_000);
      await untilSeen('agent[.]mjs --load', 'gone');
      // A pause closes the sandbox; what the agent keeps in its home is there when it opens again.
      await stage.factory.command(id, { do: 'resume' });
      await eventually(async () => {
        const diary = await stage.diaryOf(id, 'pausing');
        if (!diary.includes('load s')) throw new Error(diary);
        expect(diary).toContain('cancelled');
      }, 120_000);
      await stage.factory.command(id, { do: 'cancel' });
      await stage.factory.until(id, ({ stage: at }) => at.name === 'cancelled', 120_000);
    });

    test('and is killed again and again in mid-turn fails the run in words, after it was started three times', async () => {
      const state = await stage.ran('bad', 'killed');
      expect(state.stage).toMatchObject({
        name: 'failed',
        code: 'agent_died',
        reason: expect.stringMatching(/3 times in a row.*SIGKILL/s) as string,
      });
    });
  },
);
