import { requirementViews, type RunCommand } from '@devfactory/contracts';
import { afterEach, expect, test } from 'vitest';
import { finish, propose, RunStage, wants, write, type Play } from '../../test/run-stage.ts';
import { buildProof } from '../proof/proof.ts';
import { renderReport } from '../proof/report.ts';
import { advanceRun } from './advance.ts';
import { planApproved, specDigest } from './approve.ts';

const stages: RunStage[] = [];
afterEach(() => stages.splice(0).forEach((stage) => stage.dispose()));

const word = 'XYZZY';
const secret: RunCommand = {
  do: 'hold-out-check',
  requirementId: 'R-1',
  check: {
    title: 'the secret word',
    intent: 'change',
    timeoutMs: 1000,
    spec: { kind: 'file', path: 'a.txt', includes: [word] },
  },
};

/** A run whose agent writes `contents` one after the other, and everything that it was ever given. */
function played(contents: readonly string[]): { readonly stage: RunStage; readonly given: () => string } {
  let given = '';
  let turn = 0;
  const play: Play = (input) => {
    given += JSON.stringify(input);
    return input.purpose === 'plan'
      ? [propose(wants('a.txt')), finish]
      : [write('a.txt', contents[Math.min(turn++, contents.length - 1)] ?? ''), finish];
  };
  const stage = new RunStage({ advanceRun, planApproved, specDigest }, play);
  stages.push(stage);
  return { stage, given: () => given };
}

async function held({ stage }: { readonly stage: RunStage }): Promise<RunStage> {
  await stage.begin({ autonomy: 'approve-plan' });
  await stage.advance();
  expect(stage.say(secret)).toBeNull();
  expect(stage.say({ do: 'approve-plan', version: 1 })).toBeNull();
  await stage.advance();
  return stage;
}
const views = (stage: RunStage) => requirementViews(stage.state);

test('a failing held-out check keeps a requirement from being proven, and the agent learns which requirement, nothing else', async () => {
  const run = played(['x', 'x still', 'x again']);
  const stage = await held(run);
  expect(views(stage)).toMatchObject([{ id: 'R-1', status: 'failing', heldOut: true }]);
  expect(views(stage)[0]?.checks.map(({ id, standing }) => [id, standing])).toEqual([
    ['C-1', 'proven'],
    ['H-1', 'failing'],
  ]);
  expect(stage.state.turns.filter(({ purpose }) => purpose === 'repair')).toHaveLength(2);
  expect(run.given()).toContain('A held-out check of R-1 failed; what it asks is not shown.');
  for (const text of ['H-1', word, 'secret word', specDigest(secret.check.spec)])
    expect(run.given()).not.toContain(text);
});

test('work that meets what was held out is proven, on the same tree and without a turn of the agent when it is held out late', async () => {
  const { stage } = played([`x ${word}`]);
  await stage.begin();
  await stage.advance();
  expect(views(stage)).toMatchObject([{ status: 'proven', heldOut: false }]);
  const turns = stage.state.turns.length;
  expect(stage.say(secret)).toBeNull();
  expect(stage.state.approval).toBeNull();
  await stage.advance();
  expect(views(stage)).toMatchObject([{ status: 'proven', heldOut: true }]);
  expect(stage.state.turns).toHaveLength(turns);
  expect(stage.state.stage.name).toBe('delivered');
});

test('what is held out is in no file of the workspace and in no delivery, and the proof names it by its digest alone', async () => {
  const { stage } = played(['x', `x ${word}`]);
  await held({ stage });
  expect(views(stage)).toMatchObject([{ status: 'proven' }]);
  const tree = stage.state.checkpoints.at(-1)?.tree ?? '';
  expect(stage.say({ do: 'approve-result', tree, destinations: [] })).toBeNull();
  let told = '';
  stage.deliver = async ({ proof, tree: shipped }) => {
    told = JSON.stringify([proof, shipped.entries.map(({ path }) => path)]);
  };
  await stage.advance();
  expect(told).toContain(specDigest(secret.check.spec));
  expect(told).toContain('no agent was shown it');
  for (const text of [word, 'secret word']) expect(told).not.toContain(text);
});

test('a requirement whose checks the agent knows says so in the proof', async () => {
  const { stage } = played(['x']);
  await stage.begin();
  await stage.advance();
  const { state } = stage;
  const request = { prompt: 'a run' } as Parameters<typeof buildProof>[0]['request'];
  const proof = buildProof({ state, request }, state.approval ?? { checkpointId: '', tree: '' });
  expect(proof.requirements).toMatchObject([{ visibleChecksOnly: true }]);
  expect(renderReport(proof)).toContain('visible checks only');
});

test('a held-out check can be dropped, its number is not given again, and its removal asks for the approval anew', async () => {
  const { stage } = played(['x']);
  await held({ stage });
  expect(stage.say({ do: 'drop-held-out-check', id: 'H-1' })).toBeNull();
  await stage.advance();
  expect(views(stage)).toMatchObject([{ status: 'proven', heldOut: false }]);
  expect(stage.say({ do: 'drop-held-out-check', id: 'H-1' })).toBe('unknown_held_out_check');
  expect(stage.say({ ...secret, requirementId: 'R-9' })).toBe('unknown_requirement');
  expect(stage.say({ ...secret, check: { ...secret.check, intent: 'keep' } })).toBe('nothing_to_keep');
  stage.say(secret);
  expect(stage.state.heldOut.map(({ check }) => check.id)).toEqual(['H-2']);
  expect(stage.say({ do: 'remove-requirement', id: 'R-1' })).toBeNull();
  expect(stage.state.heldOut).toEqual([]);
});
