import { Workspaces } from '@devfactory/kit/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { makeStage, noSandbox } from '../testing/stage.ts';
import type { Stage } from '../testing/stage.ts';
import { LifeWatch } from './life-watch.ts';

describe.skipIf(noSandbox !== null)(
  `a supervisor that is held up${noSandbox ? ` (skipped: ${noSandbox})` : ''}`,
  () => {
    let stage: Stage;
    let workspaces: Workspaces;
    beforeAll(() => {
      stage = makeStage();
      workspaces = new Workspaces(stage.driver);
    });
    afterAll(async () => {
      await workspaces.closeAll();
      await stage.dispose();
    });

    test('stopped from inside, its sandbox ends within seconds, with a sentence', { timeout: 30_000 }, async () => {
      const inside = await workspaces.open('life-stopped');
      const stopping = inside.exec({ argv: ['sh', '-c', 'kill -STOP $PPID; sleep 60'], timeoutMs: 90_000 });
      const started = performance.now();
      await expect(stopping).rejects.toMatchObject({
        code: 'workspace_gone',
        message: expect.stringContaining('stopped the supervisor') as string,
      });
      expect(await inside.gone).toContain('stopped the supervisor');
      expect(performance.now() - started).toBeLessThan(15_000);
    });
  },
);

describe('the watch over a supervisor', () => {
  const healthy = { pid: null, heard: () => 0, lost: (): void => undefined };
  let watch: LifeWatch;
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    watch.stop();
    vi.useRealTimers();
  });

  test('waits for an answer as long as anything else comes, and not longer', async () => {
    const lost: string[] = [];
    let bytes = 0;
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
    const talking = setInterval(() => (bytes += 10), 15_000);
    watch = new LifeWatch({
      ...healthy,
      ping: () => new Promise(() => undefined),
      heard: () => bytes,
      lost: (sentence) => lost.push(sentence),
    });
    await vi.advanceTimersByTimeAsync(300_000);
    expect(lost).toEqual([]);
    clearInterval(talking);
    await vi.advanceTimersByTimeAsync(25_000);
    expect(lost).toEqual([expect.stringContaining('did not answer')]);
  });

  test('bears an answer that comes late, and asks again', async () => {
    const lost: string[] = [];
    const asked: PromiseWithResolvers<void>[] = [];
    watch = new LifeWatch({
      ...healthy,
      ping: () => (asked.push(Promise.withResolvers<void>()), asked.at(-1)?.promise ?? Promise.resolve()),
      lost: (sentence) => lost.push(sentence),
    });
    await vi.advanceTimersByTimeAsync(20_000);
    expect(asked).toHaveLength(1);
    asked[0]?.resolve();
    await vi.advanceTimersByTimeAsync(10_000);
    expect([asked.length, lost]).toEqual([2, []]);
  });

  test('gives up after twenty seconds of silence, once', async () => {
    const lost: string[] = [];
    watch = new LifeWatch({ ...healthy, ping: () => new Promise(() => undefined), lost: (said) => lost.push(said) });
    await vi.advanceTimersByTimeAsync(24_000);
    expect(lost).toEqual([]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(lost).toEqual([expect.stringContaining('did not answer for 20 seconds')]);
  });
});
