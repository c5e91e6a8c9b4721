import type { RunState } from '@devfactory/contracts';
import { Forge } from '@devfactory/exporter-github/testing';
import type { Page, TestInfo } from '@playwright/test';
import { faultsOf, outOfSight } from './support/accessibility.ts';
import { startAzurite, type Azurite } from './support/azurite.ts';
import { Factory } from './support/factory.ts';
import { runPage, scrollUpTo } from './support/screens.ts';
import { finish, planOf, script } from './support/scripts.ts';
import { expect, test as base } from './support/test.ts';

interface Places {
  readonly forge: Forge;
  readonly azurite: Azurite;
}

/** A GitHub and an Azure of this machine, which the server is set up for. */
const test = base.extend<object, Places & { readonly factory: Factory }>({
  forge: [
    // oxlint-disable-next-line no-empty-pattern -- because Playwright reads from the pattern what a fixture needs.
    async ({}, use) => {
      const forge = await Forge.open();
      forge.repository('acme/shop');
      forge.commit('acme/shop', 'main', { 'README.md': '# Shop\n' });
      await use(forge);
      await forge.close();
    },
    { scope: 'worker' },
  ],
  azurite: [
    // oxlint-disable-next-line no-empty-pattern -- because Playwright reads from the pattern what a fixture needs.
    async ({}, use) => {
      const azurite = await startAzurite();
      await use(azurite);
      await azurite.stop();
    },
    { scope: 'worker' },
  ],
  factory: [
    async ({ forge, azurite }, use) => {
      const factory = await Factory.start({
        ...forge.environment,
        DEVFACTORY_GITHUB_POLL_SECONDS: '0',
        DEVFACTORY_DELIVERY_CONNECTION_STRING: azurite.connectionString(),
      });
      await use(factory);
      await factory.stop();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
});

/** Looked at in both sizes and colours; the pictures stay with the report. */
async function lookAt(page: Page, info: TestInfo, name: string): Promise<void> {
  for (const size of [
    { width: 1440, height: 900 },
    { width: 390, height: 844 },
  ])
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme });
      expect(await faultsOf(page, colorScheme === 'light' ? 'all' : 'colours'), `${colorScheme} ${size.width}`).toEqual(
        [],
      );
      expect(await outOfSight(page)).toEqual([]);
      const path = info.outputPath(`${name}-${colorScheme}-${size.width}.png`);
      await page.screenshot({ path, fullPage: true });
    }
  await page.setViewportSize({ width: 1440, height: 900 });
}

const promised = [{ text: 'hello.txt shall greet.', path: 'hello.txt', includes: 'hello' }];
const writes = (files: Readonly<Record<string, string>>) => ({
  calls: [...Object.entries(files).map(([path, content]) => ({ tool: 'write', input: { path, content } })), finish],
});

async function inReview(
  factory: Factory,
  { prompt, from, work }: { prompt: string; from: string; work: readonly Readonly<Record<string, string>>[] },
): Promise<RunState> {
  const id = await factory.create({
    prompt,
    agent: 'scripted',
    source: { kind: 'git', url: from },
    agentOptions: script({ plan: [planOf(promised)], work: work.map(writes) }),
  });
  const { plan } = await factory.until(id, ({ stage }) => stage.name === 'waiting');
  await factory.client.runs.command(id, { do: 'approve-plan', version: plan.proposed });
  return factory.until(id, ({ stage }) => stage.name === 'waiting' && stage.for === 'review');
}

test('one result goes to three places at once: tried first, a secret let pass by a word, linked, and remembered', async ({
  page,
  factory,
  forge,
  needsSandbox,
}, info) => {
  void needsSandbox;
  test.slow();
  const from = `${forge.web}/acme/shop`;
  const secret = `ghp_${'a1B2c3D4e5F6g7H8i9'.repeat(2)}`;
  const work = [{ 'hello.txt': 'hello\n', 'old.key': `${secret}\n`, '.gitignore': 'log/\n', 'log/a.txt': 'x' }];
  const { id } = await inReview(factory, { prompt: 'A shop that greets.', from, work });
  await page.goto(`/runs/${id}/deliver`);
  const gates = page.getByRole('list', { name: 'Gates' });
  const deliver = page.getByRole('button', { name: 'Approve and deliver' });

  await test.step('what goes, what stays behind and what stands against it is exact', async () => {
    const goes = page.getByLabel('Files that are delivered');
    for (const name of ['hello.txt', 'old.key', 'README.md', '.gitignore'])
      await expect(goes.getByText(name, { exact: true })).toBeVisible();
    await expect(goes.getByText('log/a.txt')).toHaveCount(0);
    await page.getByText('2 paths stay behind').click();
    await expect(page.getByText('log/a.txt')).toBeVisible();
    await expect(gates).toContainText('Exactly this tree is delivered.');
    await expect(gates).toContainText('GitHub token in old.key line 1');
  });

  await test.step('a place that cannot be reached stops it before anything is approved', async () => {
    await page.getByRole('checkbox', { name: /^Azure Blob Storage/ }).check();
    await page.getByLabel('Container').fill('releases');
    await page.getByRole('checkbox', { name: /^Pull request/ }).check();
    // Where it came from is the first guess.
    await expect(page.getByLabel('Repository', { exact: true })).toHaveValue('acme/shop');
    await deliver.click();
    await expect(page.getByText(/It holds what looks like secrets/).first()).toBeVisible();
    await gates.getByRole('button', { name: 'Let them pass…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Let what looks like secrets pass?' });
    await dialog.getByRole('button', { name: 'Let them pass', exact: true }).click();
    await expect(dialog.getByText('Say why.')).toBeVisible();
    await lookAt(page, info, 'let-pass');
    await dialog.getByLabel('Reason').fill('It was revoked last year.');
    await dialog.getByRole('button', { name: 'Let them pass', exact: true }).click();
    await expect(gates).toContainText('What looks like secrets in it goes by your word.');
    await page.getByLabel('Repository', { exact: true }).fill('acme/none');
    await deliver.click();
    await expect(page.getByText(/The repository is not there/)).toBeVisible();
    expect((await factory.client.runs.get(id)).approval).toBeNull();
    await lookAt(page, info, 'cannot-be-reached');
  });

  await test.step('then it goes to all of them, each with its link', async () => {
    await page.getByLabel('Repository', { exact: true }).fill('acme/shop');
    await page.getByRole('button', { name: 'Test connection' }).first().click();
    await expect(page.getByText(/acme\/shop is there and may be pushed to/)).toBeVisible();
    await deliver.click();
    const deliveries = page.getByRole('article', { name: /^Delivery / });
    await expect(deliveries).toHaveCount(3, { timeout: 60_000 });
    await expect(page.getByText('What arrived holds.')).toHaveCount(3, { timeout: 120_000 });
    await expect(page.getByRole('link', { name: `${from}/pull/1` })).toHaveAttribute('href', `${from}/pull/1`);
    await expect(page.getByRole('link', { name: /\.zip$/ }).first()).toBeVisible();
    await expect(page.getByRole('link', { name: /releases/ })).toBeVisible();
    expect(forge.pulls).toMatchObject([{ draft: true, state: 'open' }]);
    expect(forge.git('acme/shop', 'ls-tree', '-r', '--name-only', `devfactory/${id}`).split('\n')).toEqual([
      '.gitignore',
      'README.md',
      'hello.txt',
      'old.key',
    ]);
    await lookAt(page, info, 'delivered');
  });

  await test.step('the next run of this repository finds all three chosen', async () => {
    const next = await inReview(factory, { prompt: 'Another greeting.', from, work: [{ 'hello.txt': 'hello!\n' }] });
    await page.goto(`/runs/${next.id}/deliver`);
    for (const name of [/^ZIP/, /^Pull request/, /^Azure Blob Storage/])
      await expect(page.getByRole('checkbox', { name })).toBeChecked();
    await expect(page.getByLabel('Repository', { exact: true })).toHaveValue('acme/shop');
    await expect(page.getByLabel('Container')).toHaveValue('releases');
  });
});

test('a base that went on is taken in by a click, its conflict is the agent’s, and the same pull request is updated', async ({
  page,
  factory,
  forge,
  needsSandbox,
}, info) => {
  void needsSandbox;
  test.slow();
  const from = `${forge.web}/acme/base`;
  forge.repository('acme/base');
  forge.commit('acme/base', 'main', { 'README.md': '# Base\n' });
  const work = [{ 'hello.txt': 'hello\n' }, { 'hello.txt': 'hello to both\n' }];
  const { id } = await inReview(factory, { prompt: 'A base that greets.', from, work });
  await page.goto(`/runs/${id}/deliver`);
  await page.getByRole('checkbox', { name: /^Pull request/ }).check();
  await page.getByRole('checkbox', { name: /^ZIP/ }).uncheck();
  await page.getByLabel('Repository', { exact: true }).fill('acme/base');
  await page.getByRole('button', { name: 'Approve and deliver' }).click();
  await expect(page.getByText('What arrived holds.')).toBeVisible({ timeout: 120_000 });
  const first = forge.git('acme/base', 'rev-parse', `devfactory/${id}`);
  const theirs = forge.commit('acme/base', 'main', { 'hello.txt': 'hello from main\n' });
  await lookAt(page, info, 'before-the-base');
  await page.getByRole('button', { name: 'Take the base in' }).click();
  await expect(page.getByText(/was taken in, with conflicts in hello\.txt/)).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('button', { name: 'Approve and deliver' })).toBeVisible({ timeout: 120_000 });
  await lookAt(page, info, 'conflict');
  expect(forge.git('acme/base', 'rev-parse', `devfactory/${id}`)).toBe(first);
  await page.getByRole('button', { name: 'Approve and deliver' }).click();
  await expect(page.getByRole('article', { name: /^Delivery / })).toHaveCount(2, { timeout: 60_000 });
  await expect(page.getByText('What arrived holds.')).toHaveCount(2, { timeout: 120_000 });
  expect(forge.git('acme/base', 'rev-parse', `devfactory/${id}^1`, `devfactory/${id}^2`).split('\n')).toEqual([
    first,
    theirs,
  ]);
  expect(forge.git('acme/base', 'show', `devfactory/${id}:hello.txt`)).toBe('hello to both');
  expect(forge.pulls.filter(({ repository }) => repository === 'acme/base')).toHaveLength(1);
  await page.goto(`/runs/${id}`);
  const { activity } = runPage(page);
  await expect(activity.getByText('Finished, delivered')).toBeVisible();
  await scrollUpTo(activity.getByText('main was taken in, with conflicts'), activity);
  await lookAt(page, info, 'activity');
});
