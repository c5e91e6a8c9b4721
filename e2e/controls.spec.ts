import type { Page } from '@playwright/test';
import type { Factory } from './support/factory.ts';
import { runPage } from './support/screens.ts';
import { fileByFile } from './support/scripts.ts';
import { expect, test } from './support/test.ts';

const promised = [
  { text: 'one.txt shall greet.', path: 'one.txt', includes: 'hello' },
  { text: 'deep/two.txt shall take leave.', path: 'deep/two.txt', includes: 'bye' },
];

function start(factory: Factory, { restSeconds }: { restSeconds: number }): Promise<string> {
  const agentOptions = fileByFile({ promised, restSeconds });
  return factory.create({ prompt: 'Two files.', agent: 'scripted', agentOptions, autonomy: 'auto' });
}

test('a run that is paused rests until it is resumed, and withdrawn feedback never reaches the agent', async ({
  page,
  factory,
  needsSandbox,
}) => {
  void needsSandbox;
  const run = runPage(page);
  const id = await start(factory, { restSeconds: 2 });
  await page.goto(`/runs/${id}`);
  await expect(run.activity.getByRole('button', { name: 'Step 2', exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(run.header).toContainText('Paused: it waits for you to resume.');
  const rests = await factory.until(id, ({ paused, steps }) => paused && steps.at(-1)?.ended === true);

  await run.feedback.fill('Never mind this.');
  await page.getByRole('button', { name: 'Send' }).click();
  await run.queued.getByRole('button', { name: 'Withdraw' }).click();
  await expect(run.activity.getByText('withdrawn', { exact: true })).toBeVisible();
  await expect(run.queued).toBeHidden();

  await page.reload();
  await expect(run.header).toContainText('Paused');
  expect((await factory.client.runs.get(id)).steps).toHaveLength(rests.steps.length);
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(run.requirements.getByText('Proven', { exact: true })).toHaveCount(2, { timeout: 60_000 });
  const { feedback } = await factory.client.runs.get(id);
  expect(feedback).toMatchObject([{ withdrawn: true, deliveredAt: null }]);
});

test('a run is cancelled only after a question that says what is kept', async ({ page, factory, needsSandbox }) => {
  void needsSandbox;
  const run = runPage(page);
  await page.goto(`/runs/${await start(factory, { restSeconds: 2 })}`);
  await expect(run.activity.getByRole('button', { name: 'Step 2', exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Cancel…' }).click();
  const question = page.getByRole('dialog', { name: 'Cancel this run?' });
  await expect(question).toContainText('Kept: the log');
  await question.getByRole('button', { name: 'Keep it running' }).click();
  await expect(question).toBeHidden();
  await page.getByRole('button', { name: 'Cancel…' }).click();
  await question.getByRole('button', { name: 'Cancel the run' }).click();
  await expect(page.getByText('This run was cancelled. Start a new one to go on.')).toBeVisible();
  await expect(run.header).toContainText('Cancelled');
});

test('a checkpoint is restored from the strip after a look at what will change', async ({
  page,
  factory,
  needsSandbox,
}) => {
  void needsSandbox;
  const run = runPage(page);
  const id = await startForReview(factory);
  await page.goto(`/runs/${id}?view=files`);
  await expect(page.getByRole('tabpanel').getByRole('button', { name: /two\.txt/ })).toBeVisible();
  await run.checkpoints.getByRole('button', { name: /^1 / }).click();
  await page.getByRole('button', { name: 'Restore…' }).click();
  const question = page.getByRole('dialog', { name: 'Bring the workspace back to ck-1?' });
  await expect(question.getByLabel('Files that change')).toHaveText(/deep\/two\.txt.*goes away/);
  await question.getByRole('button', { name: 'Restore ck-1' }).click();
  await expect(question).toBeHidden();
  await factory.until(id, ({ stage, head }) => stage.name === 'waiting' && head !== 'ck-2');
  await showNewest(page);
  await expect(page.getByRole('region', { name: /^Files at / })).toHaveText(/^one\.txt/);
  await expect(run.requirements.getByRole('button', { name: /R-2/ })).toContainText('Failing');

  await page.getByRole('button', { name: 'Undo restore…' }).click();
  const undo = page.getByRole('dialog', { name: 'Undo the last restore?' });
  await expect(undo.getByLabel('Files that change')).toHaveText(/deep\/two\.txt.*comes back/);
  await undo.getByRole('button', { name: 'Undo the restore' }).click();
  await expect(undo).toBeHidden();
  await expect(page.getByRole('region', { name: /^Files at / })).toContainText('two.txt');
});

test('a checkpoint is named, pinned and forked, and one file of it brought back alone', async ({
  page,
  factory,
  needsSandbox,
}) => {
  void needsSandbox;
  const run = runPage(page);
  const id = await startForReview(factory);
  await page.goto(`/runs/${id}?ck=ck-0`);
  await page.getByRole('button', { name: 'More for ck-0' }).click();
  await page.getByRole('menuitem', { name: 'Name…' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Before anything');
  await page.getByRole('button', { name: 'Save name' }).click();
  await expect(run.checkpoints.getByRole('button', { name: /^0 Before anything/ })).toBeVisible();
  await page.getByRole('button', { name: 'More for ck-0' }).click();
  await page.getByRole('menuitem', { name: /^Pin/ }).click();
  await expect(run.checkpoints.getByLabel('pinned')).toBeVisible();

  await page.goto(`/runs/${id}?ck=ck-1`);
  await page.getByRole('button', { name: 'More for ck-1' }).click();
  await page.getByRole('menuitem', { name: /^Fork/ }).click();
  await page.getByRole('textbox', { name: 'Prompt' }).fill('Two files, from the first one on.');
  await page.getByRole('button', { name: 'Start the fork' }).click();
  await expect(page.getByRole('heading', { name: 'Two files, from the first one on.' })).toBeVisible();

  await page.goto(`/runs/${id}?view=changes`);
  await page.getByRole('button', { name: 'Restore one.txt as it was at ck-0' }).click();
  const question = page.getByRole('dialog', { name: 'Bring one.txt back as it was at ck-0?' });
  await expect(question.getByLabel('Files that change')).toHaveText(/^one\.txtgoes away$/);
  await question.getByRole('button', { name: 'Restore one.txt' }).click();
  await expect(page.getByRole('region', { name: 'Changed files' })).not.toContainText('one.txt');
  await expect(page.getByRole('region', { name: 'Changed files' })).toContainText('two.txt');
});

async function startForReview(factory: Factory): Promise<string> {
  const agentOptions = fileByFile({ promised, restSeconds: 0 });
  const id = await factory.create({ prompt: 'Two files, one too many.', agent: 'scripted', agentOptions });
  const { plan } = await factory.until(id, (state) => state.stage.name === 'waiting');
  await factory.client.runs.command(id, { do: 'approve-plan', version: plan.proposed });
  await factory.until(id, ({ stage }) => stage.name === 'waiting' && stage.for === 'review');
  return id;
}

async function showNewest(page: Page): Promise<void> {
  await page.getByLabel('Source tree at').selectOption({ index: 0 });
}
