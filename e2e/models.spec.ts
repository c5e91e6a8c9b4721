import type { Page } from '@playwright/test';
import { faultsOf, outOfSight } from './support/accessibility.ts';
import { call, finish, gate, greet, key, model, test } from './support/model-stage.ts';
import { runPage } from './support/screens.ts';
import { expect } from './support/test.ts';

const wide = { width: 1440, height: 900 };
const phone = { width: 390, height: 844 };

test.beforeEach(({ vendor }) => vendor.begin());

/** No fault of accessibility in two sizes and colours. */
async function expectAccessible(page: Page): Promise<void> {
  for (const size of [wide, phone]) {
    await page.setViewportSize(size);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await faultsOf(page, 'all')).toEqual([]);
    }
  }
  await page.setViewportSize(wide);
  await page.emulateMedia({ colorScheme: 'light' });
}

test('a provider is set up on its card: a test names the field that is wrong, and a key is never shown again', async ({
  page,
  factory,
  vendor,
  guard,
}) => {
  guard.expect(/422 \(Unprocessable/);
  await page.goto('/settings');
  const card = page.getByRole('listitem').filter({ has: page.getByText('OpenAI', { exact: true }) });
  await expect(card).toContainText('Set it up: API key.');
  await card.getByText('OpenAI', { exact: true }).click();
  const base = card.getByLabel('Base URL (optional)');
  const secret = card.getByLabel('API key', { exact: true });
  await base.fill(`${vendor.server.url}/v1`);
  await secret.fill('sk-not-this-one');
  await card.getByRole('button', { name: 'Test connection' }).click();
  await expect(card).toContainText('It does not work');
  await expect(secret).toHaveAttribute('aria-invalid', 'true');
  await secret.fill(key);
  await card.getByRole('button', { name: 'Test connection' }).click();
  await expect(card).toContainText(/It works, in \d+ ms/);
  await expect(card).toContainText('called a tool and took its answer');
  await expectAccessible(page);
  await card.getByRole('button', { name: 'Save' }).click();
  await expect(card).toContainText('set up here');
  await expect(secret).toHaveValue('');
  await expect(secret).toHaveAttribute('placeholder', 'is set, never shown again');
  await page.reload();
  expect(await page.content()).not.toContain(key);

  // Another place is nobody that the key was given for.
  await card.getByText('OpenAI', { exact: true }).click();
  await base.fill('https://elsewhere.example/v1');
  await card.getByRole('button', { name: 'Save' }).click();
  await expect(card).toContainText('enter the key for it');
  await card.getByRole('button', { name: 'Forget' }).click();
  await expect(card).toContainText('Set it up: API key.');
  expect((await factory.client.models.providers()).find(({ id }) => id === 'openai')?.secretsSet).toEqual([]);
});

test('a model is picked by search, with what it holds, costs and can; what cannot be used says why and cannot be chosen', async ({
  page,
  factory,
}) => {
  const figures = { contextTokens: null, outputTokens: null, inputUsd: 2, cachedUsd: null, outputUsd: 8 };
  await factory.client.models.setFigures('openai-compatible/scripted', { ...figures, contextTokens: 100_000 });
  await page.goto('/settings');
  await page.getByRole('button', { name: `Test ${model}` }).click();
  const row = page.getByRole('listitem').filter({ has: page.getByText(model, { exact: true }) });
  await expect(row).toContainText('calls tools, streams');
  await row.getByRole('button', { name: 'Make default' }).click();
  await expect(row.getByRole('button', { name: 'Default ✓' })).toBeVisible();

  await page.goto('/');
  await expect(page.getByRole('radio', { name: /^Built-in/ })).toBeChecked();
  const chosen = page.getByRole('button', { name: /^Model/ });
  await expect(chosen).toContainText(model);
  await chosen.click();
  const picker = page.getByRole('dialog', { name: 'Which model?' });
  const choice = (ref: string) => picker.getByRole('button', { name: ref });
  await expect(choice(model)).toContainText('default · 100k context · $2 in, $8 out per million tokens');
  await expect(choice(model)).toContainText('calls tools, streams · answered in');
  await expect(choice('openai-compatible/another')).toContainText('8k context · price not known');

  const away = choice('anthropic/').first();
  await expect(away).toContainText('Anthropic did not list its models');
  await expect(away).toHaveAttribute('aria-disabled', 'true');
  await away.click({ force: true });
  await expect(picker).toBeVisible();
  await expectAccessible(page);
  expect(await outOfSight(page)).toEqual([]);

  const search = picker.getByLabel('Find a model');
  await search.fill('nothing like it');
  await expect(picker).toContainText('No model has that name.');
  await search.fill('openai-compatible/unlisted');
  await expect(choice('openai-compatible/unlisted')).toContainText('Not listed by its provider');
  await search.fill('another');
  await page.keyboard.press('ArrowDown');
  await expect(choice('openai-compatible/another')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(picker).toBeHidden();
  await expect(chosen).toContainText('openai-compatible/another');
  await page.getByRole('button', { name: 'Take the default' }).click();
  await expect(chosen).toContainText(model);
});

test('while a model writes, its words stand in the run; afterwards meters say what it took, and another model goes on', async ({
  page,
  factory,
  vendor,
  needsSandbox,
}) => {
  void needsSandbox;
  const figures = { outputTokens: 1000, cachedUsd: null, inputUsd: 100, outputUsd: 100 };
  await factory.client.models.setFigures(model, { ...figures, contextTokens: 100_000 });
  await factory.client.models.setFigures('openai-compatible/another', { ...figures, contextTokens: 8192 });
  const second = gate();
  const words = 'I look at the project first, and then I write it down.';
  vendor.work = async (n) => {
    if (n === 1) return { text: words, calls: [greet], fault: { kind: 'hang', at: 0.8 } };
    if (n === 3) await second.opened;
    return n < 3
      ? { calls: [greet], usage: { input: 40_000, cached: 10_000, output: 500 } }
      : { calls: [finish], usage: { input: 4000, cached: 0, output: 100 } };
  };
  const id = await factory.create({ prompt: 'A program that greets', model, autonomy: 'auto', budgetUsd: 5 });
  await page.goto(`/runs/${id}`);
  const run = runPage(page);
  await expect(run.activity).toContainText('I look at the project first');
  await expect(run.activity).toContainText('Writes a call of write');
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(run.activity).not.toContainText('I look at the project first');
  await page.getByRole('button', { name: 'Resume' }).click();

  const cost = page.getByRole('meter', { name: 'Budget used' });
  await expect(page.getByRole('meter', { name: 'Context used' })).toHaveAttribute('aria-valuenow', /^4[01]$/);
  const { usage } = await factory.until(id, ({ steps }) => steps.at(-1)?.step === 3);
  expect(usage.costUsd).toBeGreaterThan(3);
  await expect(run.header).toContainText(`$${usage.costUsd.toFixed(2)} of $5.00`);
  await expect(cost).toHaveAttribute('aria-valuenow', String(Math.round(usage.costUsd * 20)));
  await expectAccessible(page);

  await page.getByRole('button', { name: 'scripted', exact: true }).click();
  const picker = page.getByRole('dialog', { name: 'Which model goes on?' });
  await picker.getByRole('button', { name: 'openai-compatible/another' }).click();
  await expect(picker).toBeHidden();
  await expect(page.getByRole('button', { name: 'another', exact: true })).toBeVisible();
  second.open();
  await expect(run.requirements.getByText('Proven', { exact: true })).toHaveCount(1, { timeout: 60_000 });
  // The turn that goes on, and one that a person's words begin.
  await run.feedback.fill('In small letters too, please.');
  await page.getByRole('button', { name: 'Send' }).click();
  await expect.poll(() => vendor.asked.length).toBeGreaterThan(3);
  expect(vendor.asked.map((request) => request.model).slice(-1)).toEqual(['another']);
  expect(vendor.asked.at(-1)?.body).toContain('In small letters too');
});

test('what steers and what is queued are cards that can be changed, and survive a reload and a kill -9', async ({
  page,
  factory,
  vendor,
  guard,
  needsSandbox,
}) => {
  void needsSandbox;
  guard.expect(/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_EMPTY_RESPONSE/);
  const first = gate();
  vendor.work = async (n) => {
    // Two: the one that is under way when the server is killed, and the same again.
    if (n <= 2) await first.opened;
    return n <= 2 ? { calls: [greet] } : { calls: [finish] };
  };
  const id = await factory.create({ prompt: 'A program that greets', model, autonomy: 'auto' });
  await page.goto(`/runs/${id}`);
  const run = runPage(page);
  await expect.poll(() => vendor.asked.length).toBe(1);
  const say = async (words: string, mode: 'Steer' | 'Queue'): Promise<void> => {
    await page.getByText(mode, { exact: true }).click();
    await run.feedback.fill(words);
    await page.getByRole('button', { name: 'Send' }).click();
    await expect(run.feedback).toHaveValue('');
  };
  await say('Write no commens.', 'Steer');
  await say('Then add a README.', 'Queue');
  await say('Never mind.', 'Queue');
  const card = (words: string) => run.queued.getByRole('listitem').filter({ hasText: words });
  await expect(card('Write no commens.')).toContainText('Queued for the next step');
  await expect(card('Then add a README.')).toContainText('Queued until the turn ends');

  await card('Write no commens.').getByRole('button', { name: 'Edit' }).click();
  await run.queued.getByLabel('Feedback that is queued, in other words').fill('Write no comments.');
  await run.queued.getByRole('button', { name: 'Save' }).click();
  await expect(run.queued.getByRole('button', { name: 'Save' })).toBeHidden();
  await expect(card('Write no comments.')).toBeVisible();
  await card('Never mind.').getByRole('button', { name: 'Steer instead' }).click();
  await expect(card('Never mind.')).toContainText('Queued for the next step');
  await card('Never mind.').getByRole('button', { name: 'Withdraw' }).click();
  await expect(run.queued.getByRole('listitem')).toHaveCount(2);
  await expectAccessible(page);

  await page.reload();
  await expect(run.queued.getByRole('listitem')).toHaveCount(2);
  await factory.kill();
  await factory.startAgain();
  await expect(card('Write no comments.')).toContainText('Queued for the next step');
  await card('Then add a README.').getByRole('button', { name: 'Edit' }).click();
  await run.queued.getByLabel('Feedback that is queued, in other words').fill('Then add a READ-ME.');
  await run.queued.getByRole('button', { name: 'Save' }).click();
  await expect(run.queued.getByRole('button', { name: 'Save' })).toBeHidden();
  await expect(card('Then add a READ-ME.')).toBeVisible();
  await expect.poll(() => vendor.asked.length, { timeout: 60_000 }).toBe(2);
  first.open();

  await expect(run.queued).toBeHidden({ timeout: 60_000 });
  await factory.until(id, ({ feedback }) => feedback.every((item) => item.deliveredAt !== null || item.withdrawn));
  await expect.poll(() => vendor.asked.length).toBeGreaterThanOrEqual(4);
  const [lost, again, steered, queued] = vendor.asked.map(({ body }) => body);
  expect(again).toBe(lost);
  expect(steered).toContain('Write no comments.');
  expect(steered).not.toContain('READ-ME');
  expect(queued).toContain('Then add a READ-ME.');
  expect(vendor.asked.map(({ body }) => body).join('')).not.toMatch(/Never mind|commens|a README/);
});

test('a question of the model is answered with one of its buttons', async ({ page, factory, vendor, needsSandbox }) => {
  void needsSandbox;
  const question = { question: 'Which greeting do you want?', options: ['Hello', 'Good day'] };
  vendor.work = (_, { body }) =>
    body.includes('The person answered') ? { calls: [greet, finish] } : { calls: [call('ask', question)] };
  const id = await factory.create({ prompt: 'A program that greets', model, autonomy: 'auto' });
  await page.goto(`/runs/${id}`);
  const asked = page.getByRole('region', { name: 'Questions for you' });
  await expect(asked).toContainText('Which greeting do you want?');
  await expect(runPage(page).header).toContainText('1 question for you');
  await expectAccessible(page);
  expect(await outOfSight(page)).toEqual([]);
  await asked.getByRole('button', { name: 'Hello' }).click();
  await expect(asked).toBeHidden();
  await expect(runPage(page).requirements.getByText('Proven', { exact: true })).toHaveCount(1, { timeout: 60_000 });
  expect(vendor.asked.at(-1)?.body).toContain('The person answered: Hello');
});
