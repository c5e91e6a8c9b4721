import { suiteLimits, Workspaces } from '@devfactory/kit/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeStage, noSandbox, type Stage } from '../testing/stage.ts';

describe.skipIf(noSandbox !== null)(`a walk that stops processes${noSandbox ? ` (skipped: ${noSandbox})` : ''}`, () => {
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

  // A program that is stopped between its birth and its first instruction holds up who started it: the supervisor, for ever.
  test('never meets a program that is just being started', async () => {
    const inside = await workspaces.open('freezer-starts', { limits: suiteLimits });
    for (let round = 0; round < 40; round++) {
      const commands = Array.from({ length: 4 }, () => inside.exec({ argv: ['true'], timeoutMs: 60_000 }));
      const terminal = round % 8 === 0 ? inside.terminal({ argv: ['true'], cols: 80, rows: 24 }) : null;
      await inside.files.walk();
      expect((await Promise.all(commands)).map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0]);
      for await (const _ of (await terminal)?.output ?? []);
    }
  }, 60_000);
});
