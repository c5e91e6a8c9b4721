import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { MergedBase } from '@devfactory/kit';
import { afterEach, expect, test } from 'vitest';
import { finish, propose, RunStage, shell, wants, write } from '../../test/run-stage.ts';
import { advanceRun } from './advance.ts';
import { planApproved, specDigest } from './approve.ts';

const engine = { advanceRun, planApproved, specDigest };
const stages: RunStage[] = [];
afterEach(() => stages.splice(0).forEach((stage) => stage.dispose()));

async function* bytes(text: string): AsyncIterable<Uint8Array> {
  yield Buffer.from(text);
}

async function* changes(): MergedBase['changes'] {
  yield { type: 'file', path: 'theirs.txt', executable: false, bytes: bytes('of the base') };
  yield { type: 'removed', path: 'b.txt' };
}

/** A run that delivered a.txt and b.txt, and whose base brings theirs.txt and has no b.txt any more. */
async function delivered(): Promise<RunStage> {
  const stage = new RunStage(engine, ({ purpose }) =>
    purpose === 'plan' ? [propose(wants('a.txt')), finish] : [write('a.txt'), shell('echo b > b.txt'), finish],
  );
  stages.push(stage);
  stage.merge = async () => ({ branch: 'main', commit: 'c'.repeat(40), conflicts: [], changes: changes() });
  await stage.begin({ autonomy: 'approve-plan', destinations: [{ kind: 'github', repository: 'acme/shop' }] });
  await stage.advance();
  stage.say({ do: 'approve-plan', version: 1 });
  await stage.advance();
  approve(stage);
  await stage.advance();
  expect(stage.state.stage.name).toBe('delivered');
  return stage;
}

function approve(stage: RunStage): void {
  const { head, checkpoints } = stage.state;
  const tree = checkpoints.find(({ id }) => id === head)?.tree ?? '';
  expect(
    stage.say({ do: 'approve-result', tree, destinations: [{ kind: 'github', repository: 'acme/shop' }] }),
  ).toBeNull();
}

test.each(['die', 'die-after'] as const)(
  'a worker that meets "%s" at any append while a base is taken in leaves the same tree, approved by nobody',
  async (fate) => {
    for (let at = 1; ; at++) {
      const stage = await delivered();
      const exportId = stage.state.exports[0]?.id ?? '';
      const before = stage.delivered.length;
      expect(stage.say({ do: 'take-base', exportId })).toBeNull();
      const outcome = await stage.advanceOrDie((append) => (append === at ? fate : undefined));
      await stage.advance();
      expect(stage.state.bases).toMatchObject([{ exportId, state: 'taken', commit: 'c'.repeat(40) }]);
      expect([stage.read('a.txt'), stage.read('theirs.txt')]).toEqual(['x', 'of the base']);
      expect(existsSync(join(stage.workspace, 'b.txt'))).toBe(false);
      expect(stage.state).toMatchObject({ approval: null, stage: { name: 'waiting', for: 'review' } });
      expect(stage.delivered.length).toBe(before);
      approve(stage);
      await stage.advance();
      expect(stage.delivered.length).toBeGreaterThan(before);
      expect(new Set(stage.delivered.slice(before)).size).toBe(1);
      if (outcome === 'ended') break;
    }
  },
  120_000,
);
