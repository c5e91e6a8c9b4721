import { DomainError } from '@devfactory/kit';
import { afterEach, expect, test } from 'vitest';
import { runId } from '../../test/facts.ts';
import { finish, propose, RunStage, shell, wants, write, type Play } from '../../test/run-stage.ts';
import { advanceRun } from './advance.ts';
import { planApproved, specDigest } from './approve.ts';

const engine = { advanceRun, planApproved, specDigest };

const stages: RunStage[] = [];
afterEach(() => stages.splice(0).forEach((stage) => stage.dispose()));
const stageOf = (play: Play): RunStage => {
  const stage = new RunStage(engine, play);
  stages.push(stage);
  return stage;
};
const three = [shell('echo 1 >> t'), shell('echo 2 >> t'), write('a.txt'), finish];
const plan: Play = ({ purpose }) => (purpose === 'plan' ? [propose(wants('a.txt')), finish] : three);
/** Speaks when the first call of the worked step has begun. */
const duringFirstCall = (stage: RunStage, speak: () => void): void => {
  stage.log.beforeAppend = (events) => {
    if (events.some((event) => event.type === 'tool.started' && event.data.title.includes('echo 1'))) speak();
    return undefined;
  };
};

test('a pause lets the call that began end, and the others wait for the resume', async () => {
  const stage = await stageOf(plan).begin();
  duringFirstCall(stage, () => stage.say({ do: 'pause' }));
  expect(await stage.advance()).toBe('waiting');
  expect(stage.read('t')).toBe('1\n');
  stage.say({ do: 'resume' });
  stage.log.beforeAppend = () => undefined;
  expect(await stage.advance()).toBe('ended');
  expect(stage.read('t')).toBe('1\n2\n');
});
test('a cancelled run does nothing more and stays cancelled, whatever was being written', async () => {
  const stage = await stageOf(plan).begin();
  duringFirstCall(stage, () => stage.say({ do: 'cancel' }));
  expect(await stage.advance()).toBe('ended');
  expect(stage.state.stage.name).toBe('cancelled');
  expect(stage.read('t')).toBe('1\n');
  const events = stage.log.events.length;
  expect(await stage.advance()).toBe('ended');
  expect(stage.log.events).toHaveLength(events);
});
test('a restore ends the step it came into: what was left of it never runs on the restored files', async () => {
  const stage = await stageOf(plan).begin();
  duringFirstCall(stage, () => stage.say({ do: 'restore', checkpointId: 'ck-0' }));
  await stage.advance();
  expect(stage.state.stage).toMatchObject({ name: 'waiting', for: 'review' });
  expect(stage.state.head).toBe('ck-0');
  expect(stage.state.steps.at(-1)?.calls.map((call) => call.outcome)).toEqual([
    'ok',
    'interrupted',
    'interrupted',
    'interrupted',
  ]);
  expect(stage.state.turns.at(-1)?.outcome).toBe('stopped');
  expect(() => stage.read('t')).toThrow(/ENOENT/);
});
test('feedback that an interrupted step had taken in reaches the agent after a restore', async () => {
  const heard: string[][] = [];
  const stage = stageOf((input, signal) => {
    heard.push(input.feedback.map((item) => item.text));
    if (input.purpose === 'plan' || heard.length !== 3) return plan(input, signal);
    stage.say({ do: 'restore', checkpointId: 'ck-0' });
    return new Promise<never>(() => {});
  });
  await stage.begin({ autonomy: 'approve-plan' });
  await stage.advance();
  stage.say({ do: 'approve-plan', version: 1 });
  await stage.advance();
  stage.say({ do: 'feedback', text: 'blue', mode: 'steer' });
  await stage.advance();
  expect(heard).toEqual([[], [], ['blue'], ['blue']]);
  expect(stage.state.feedback[0]?.deliveredAt).toBe(stage.state.steps.at(-1)?.step);
});
test('a pause during a delivery is no failure: it is delivered when the run goes on', async () => {
  const stage = await stageOf(plan).begin();
  stage.deliver = (_, signal) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(new DomainError('aborted', 'unavailable', { message: 'stopped' })));
      stage.say({ do: 'pause' });
    });
  expect(await stage.advance()).toBe('waiting');
  expect(stage.state).toMatchObject({ paused: true, stage: { name: 'delivering' }, exports: [{ state: 'started' }] });
  stage.deliver = async () => {};
  stage.say({ do: 'resume' });
  expect(await stage.advance()).toBe('ended');
  expect(stage.state.stage.name).toBe('delivered');
});
test('a failed delivery can be tried again and then counts as delivered', async () => {
  const stage = await stageOf(plan).begin();
  stage.deliver = () => Promise.reject(new DomainError('full', 'unavailable', { message: '' }));
  await stage.advance();
  expect(stage.state).toMatchObject({ stage: { name: 'finished' }, exports: [{ state: 'failed', reason: 'full' }] });
  stage.deliver = async () => {};
  expect(stage.say({ do: 'export', destination: { kind: 'zip' } })).toBeNull();
  await stage.advance();
  expect(stage.state.stage.name).toBe('delivered');
});
test('an approval of a tree that is no longer the result is refused', async () => {
  const stage = await stageOf(plan).begin({ autonomy: 'approve-plan' });
  await stage.advance();
  stage.say({ do: 'approve-plan', version: 1 });
  await stage.advance();
  const old = stage.state.checkpoints.at(-1)?.tree ?? '';
  stage.say({ do: 'restore', checkpointId: 'ck-0' });
  expect(stage.say({ do: 'approve-result', tree: old, destinations: [] })).toBe('not_in_review');
  await stage.advance();
  expect(stage.say({ do: 'approve-result', tree: old, destinations: [] })).toBe('approval_stale');
  expect(stage.delivered).toEqual([]);
});
test('a worker whose lease is gone throws and writes nothing more', async () => {
  const stage = stageOf((input, signal) => {
    stage.log.lease();
    return plan(input, signal);
  });
  await stage.begin();
  await expect(stage.advance()).rejects.toMatchObject({ code: 'lease_lost' });
  const events = stage.log.events.length;
  stage.play = plan;
  expect(await stage.advance()).toBe('ended');
  expect(stage.log.events.slice(0, events).some((event) => event.type === 'run.failed')).toBe(false);
});

/** The next `times` walks of the run's own workspace find its sandbox ended. */
function endSandboxes(stage: RunStage, times: number): void {
  let left = times;
  stage.opened = (workspace) => ({
    ...workspace,
    files: {
      ...workspace.files,
      walk: (...args) => {
        if (workspace.id !== runId.replace('_', '-') || left === 0) return workspace.files.walk(...args);
        left -= 1;
        throw new DomainError('workspace_gone', 'unavailable', { message: 'The sandbox was ended.' });
      },
    },
  });
}
test('a sandbox that somebody ends while a checkpoint is made costs nothing: it is made in the next one', async () => {
  const stage = await stageOf(plan).begin();
  endSandboxes(stage, 2);
  expect(await stage.advance()).toBe('ended');
  expect(stage.state.stage.name).toBe('delivered');
  expect(stage.log.events.some((event) => event.type === 'run.failed')).toBe(false);
});
test('a sandbox that ends again and again is told, and the run can be resumed', async () => {
  const stage = await stageOf(plan).begin();
  endSandboxes(stage, 3);
  await stage.advance();
  expect(stage.state.stage).toMatchObject({ name: 'failed', code: 'workspace_gone' });
  stage.say({ do: 'resume' });
  expect(await stage.advance()).toBe('ended');
  expect(stage.state.stage.name).toBe('delivered');
});
