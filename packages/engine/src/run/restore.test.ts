import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { finish, propose, RunStage, shell, wants, write, type Play } from '../../test/run-stage.ts';
import { advanceRun } from './advance.ts';
import { planApproved, specDigest } from './approve.ts';

const engine = { advanceRun, planApproved, specDigest };
const stages: RunStage[] = [];
afterEach(() => stages.splice(0).forEach((stage) => stage.dispose()));

/** ck-1: a.txt and docs/one; ck-2: another a.txt, no docs, and b.txt beside. */
const play: Play = ({ purpose, state, turn }) => {
  if (purpose === 'plan') return [propose(wants('a.txt')), finish];
  const steps = state.steps.filter((step) => step.turn === turn).length;
  return steps <= 1
    ? [write('a.txt', 'x one'), shell('mkdir docs; echo 1 > docs/one; echo 1 > docs/two')]
    : [write('a.txt', 'x two'), shell('rm -r docs; echo b > b.txt'), finish];
};

async function worked(): Promise<RunStage> {
  const stage = new RunStage(engine, play);
  stages.push(stage);
  await stage.begin({ autonomy: 'approve-plan' });
  await stage.advance();
  stage.say({ do: 'approve-plan', version: 1 });
  await stage.advance();
  expect(stage.state).toMatchObject({ head: 'ck-2', stage: { name: 'waiting', for: 'review' } });
  return stage;
}

const there = (stage: RunStage, path: string): boolean => existsSync(join(stage.workspace, path));

test('a restore is undone, and the undo too', async () => {
  const stage = await worked();
  expect(stage.say({ do: 'undo-restore' })).toBe('nothing_to_undo');
  stage.say({ do: 'restore', checkpointId: 'ck-1' });
  expect(stage.say({ do: 'undo-restore' })).toBe('restore_pending');
  await stage.advance();
  expect(stage.read('a.txt')).toBe('x one');
  expect([there(stage, 'docs/one'), there(stage, 'b.txt')]).toEqual([true, false]);
  expect(stage.state.stage).toMatchObject({ name: 'waiting', for: 'review' });

  expect(stage.say({ do: 'undo-restore' })).toBeNull();
  await stage.advance();
  expect(stage.read('a.txt')).toBe('x two');
  expect([there(stage, 'docs/one'), there(stage, 'b.txt')]).toEqual([false, true]);

  expect(stage.say({ do: 'undo-restore' })).toBeNull();
  await stage.advance();
  expect(stage.read('a.txt')).toBe('x one');
});

test('files and folders of a checkpoint come back alone, as a checkpoint of their own', async () => {
  const stage = await worked();
  stage.say({ do: 'restore', checkpointId: 'ck-1', paths: ['docs/one'] });
  await stage.advance();
  expect([there(stage, 'docs/one'), there(stage, 'docs/two'), there(stage, 'b.txt')]).toEqual([true, false, true]);
  expect(stage.read('a.txt')).toBe('x two');
  expect(stage.state).toMatchObject({ head: 'ck-3', restoreRequested: null, lastRestore: { before: 'ck-2' } });
  expect(stage.state.checkpoints.at(-1)).toMatchObject({ id: 'ck-3', reason: 'restore', label: 'Files from ck-1' });

  // What the checkpoint does not have goes.
  stage.say({ do: 'restore', checkpointId: 'ck-1', paths: ['docs', 'b.txt'] });
  await stage.advance();
  expect([there(stage, 'docs/two'), there(stage, 'b.txt')]).toEqual([true, false]);

  stage.say({ do: 'undo-restore' });
  await stage.advance();
  expect([there(stage, 'docs/two'), there(stage, 'b.txt')]).toEqual([false, true]);
});

test('a path that is nowhere restores nothing and says so', async () => {
  const stage = await worked();
  stage.say({ do: 'restore', checkpointId: 'ck-1', paths: ['a.txt', 'nowhere.txt'] });
  await stage.advance();
  expect(stage.read('a.txt')).toBe('x two');
  expect(stage.state).toMatchObject({
    head: 'ck-2',
    restoreRequested: null,
    stage: { name: 'waiting', for: 'review' },
  });
  const failure = stage.log.events.find((event) => event.type === 'restore.failed');
  expect(failure?.data).toMatchObject({ reason: expect.stringContaining('nowhere.txt') });
});

test('a checkpoint that cannot be read any more leaves the files as they are and the run going', async () => {
  const stage = await worked();
  await stage.blobs.remove(stage.state.checkpoints[1]?.manifest ?? '');
  stage.say({ do: 'restore', checkpointId: 'ck-1' });
  // As another process: nothing of it is remembered.
  stage.forgetBlobs();
  await stage.advance();
  expect(stage.read('a.txt')).toBe('x two');
  expect(stage.state).toMatchObject({ restoreRequested: null, stage: { name: 'waiting', for: 'review' } });
  expect(stage.log.events.at(-1)?.type).not.toBe('run.failed');
});

test('a paused run gets its files back and stays paused', async () => {
  const stage = await worked();
  stage.say({ do: 'pause' });
  stage.say({ do: 'restore', checkpointId: 'ck-1' });
  await stage.advance();
  expect(stage.read('a.txt')).toBe('x one');
  expect(stage.state).toMatchObject({ paused: true, head: 'ck-1' });
});

test('what was written into the workspace since the head is kept before a restore', async () => {
  const stage = await worked();
  stage.overwrite('b.txt', 'by hand');
  stage.say({ do: 'restore', checkpointId: 'ck-1' });
  await stage.advance();
  expect(there(stage, 'b.txt')).toBe(false);
  stage.say({ do: 'undo-restore' });
  await stage.advance();
  expect(stage.read('b.txt')).toBe('by hand');
});

test('an undo is refused once the run went on', async () => {
  const stage = await worked();
  stage.say({ do: 'restore', checkpointId: 'ck-1' });
  await stage.advance();
  stage.play = () => [write('c.txt'), finish];
  stage.say({ do: 'feedback', text: 'more', mode: 'steer' });
  await stage.advance();
  expect(stage.say({ do: 'undo-restore' })).toBe('run_moved_on');
});

test.each(['die', 'die-after'] as const)(
  'a worker that meets "%s" at any append of a restore restores the same',
  async (fate) => {
    for (const paths of [undefined, ['docs']]) {
      for (let at = 1; ; at++) {
        const stage = await worked();
        stage.overwrite('b.txt', 'by hand');
        stage.say({ do: 'restore', checkpointId: 'ck-1', ...(paths ? { paths } : {}) });
        const outcome = await stage.advanceOrDie((append) => (append === at ? fate : undefined));
        await stage.advance();
        expect(stage.state).toMatchObject({ restoreRequested: null, restoringFrom: null });
        expect([stage.read('a.txt'), there(stage, 'docs/two'), there(stage, 'b.txt')]).toEqual(
          paths ? ['x two', true, true] : ['x one', true, false],
        );
        stage.say({ do: 'undo-restore' });
        await stage.advance();
        expect([stage.read('a.txt'), there(stage, 'docs'), stage.read('b.txt')]).toEqual(['x two', false, 'by hand']);
        if (outcome === 'ended') break;
      }
    }
  },
  120_000,
);
