import { faultsOf, outOfSight } from './support/accessibility.ts';
import { startAzurite, type Azurite } from './support/azurite.ts';
import { Factory } from './support/factory.ts';
import { planOf, script } from './support/scripts.ts';
import { expect, test as base } from './support/test.ts';

const megabytes = 40;

/** The server keeps its work in Azure, and delivers there over a line on which one can watch. */
const test = base.extend<object, { readonly azurite: Azurite; readonly factory: Factory }>({
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
    async ({ azurite }, use) => {
      const factory = await Factory.start({
        DEVFACTORY_BLOB_STORE: 'azure',
        AZURE_STORAGE_CONNECTION_STRING: azurite.connectionString(),
        DEVFACTORY_DELIVERY_CONNECTION_STRING: azurite.connectionString(await azurite.slowly(4_000_000)),
      });
      await use(factory);
      await factory.stop();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
});

const promised = [{ text: 'hello.txt shall greet.', path: 'hello.txt', includes: 'hello' }];
const work = script({
  plan: [planOf(promised)],
  work: [
    {
      calls: [
        { tool: 'shell', input: { command: `head -c ${megabytes}M /dev/urandom > large.bin` } },
        { tool: 'write', input: { path: 'hello.txt', content: 'hello\n' } },
        { tool: 'finish', input: { summary: 'done' } },
      ],
    },
  ],
});

test('a run is delivered to Azure, with the connection tried, progress to watch, and a link that ends', async ({
  page,
  factory,
  needsSandbox,
}, info) => {
  void needsSandbox;
  const id = await factory.create({
    prompt: 'A greeting, and a large file.',
    agent: 'scripted',
    agentOptions: work,
  });
  const { plan } = await factory.until(id, ({ stage }) => stage.name === 'waiting');
  await factory.client.runs.command(id, { do: 'approve-plan', version: plan.proposed });
  await factory.until(id, ({ stage }) => stage.name === 'waiting' && stage.for === 'review');
  await page.goto(`/runs/${id}/deliver`);

  await test.step('what goes is listed before anything goes', async () => {
    await expect(page.getByLabel('Files that are delivered')).toContainText('large.bin');
    await expect(page.getByRole('list', { name: 'Gates' })).toContainText('No secret was found in it.');
  });

  await test.step('the connection is tried', async () => {
    await page.getByRole('checkbox', { name: /^ZIP/ }).uncheck();
    await page.getByRole('checkbox', { name: /^Azure Blob Storage/ }).check();
    await page.getByLabel('Container').fill('releases');
    await page.getByLabel('Folder').fill('shop');
    await page.getByRole('button', { name: 'Test connection' }).click();
    await expect(page.getByText(/releases\/shop\/ can be written, read and removed from\.$/)).toBeVisible();
    expect(await faultsOf(page)).toEqual([]);
    await info.attach('tried', { body: await page.screenshot(), contentType: 'image/png' });
  });

  const delivery = page.getByRole('article', { name: /^Delivery / });
  await test.step('progress is seen while it goes', async () => {
    await page.getByRole('button', { name: 'Approve and deliver' }).click();
    const bar = delivery.getByRole('progressbar', { name: 'Sending' });
    await expect(bar).toBeVisible({ timeout: 60_000 });
    await expect(delivery).toContainText(/Sending · [\d.]+ [kM]?B of 42 MB/);
    expect(await faultsOf(page)).toEqual([]);
    await info.attach('progress', { body: await page.screenshot(), contentType: 'image/png' });
    await expect(delivery).toContainText('Delivered', { timeout: 90_000 });
    await expect(bar).toHaveCount(0);
    await expect(delivery).toContainText(/Read back from .*delivery\.json, and found to be this tree\./);
  });

  await test.step('a link reads the archive for whoever has it', async () => {
    const answer = page.waitForResponse((response) => response.url().endsWith('/link'));
    await delivery.getByRole('button', { name: 'Link for 24 hours' }).click();
    const { url } = (await (await answer).json()) as { url: string };
    await expect(delivery.getByRole('button', { name: 'Copy the link' })).toBeVisible();
    const archive = await fetch(url);
    expect([archive.status, archive.headers.get('content-type')]).toEqual([200, 'application/zip']);
    expect((await archive.arrayBuffer()).byteLength).toBeGreaterThan(megabytes * 1024 ** 2);
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(403);
  });

  await test.step('all of it holds on a small screen', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await outOfSight(page)).toEqual([]);
    expect(await faultsOf(page)).toEqual([]);
  });
});

test('settings tell where work is kept, whether that works, what each run keeps and what a clean-up frees', async ({
  page,
  factory,
  needsSandbox,
}) => {
  void needsSandbox;
  const id = await factory.create({ prompt: 'Keep me.', agent: 'scripted', agentOptions: work, autonomy: 'auto' });
  await factory.until(id, ({ stage }) => stage.name === 'finished');
  await page.goto('/settings');
  const storage = page.getByRole('region', { name: 'Storage' });
  await expect(storage).toContainText('are kept in Azure Blob Storage:');
  await storage.getByRole('button', { name: 'Write, read and remove' }).click();
  await expect(storage.getByText(/can be written, read and removed from\.$/)).toBeVisible();
  const row = storage.getByRole('row', { name: /Keep me\./ });
  await expect(row.getByRole('cell').nth(1)).toHaveText(/^4\d(\.\d)? MB$/);
  await expect(storage).toContainText(/are kept in all\. A clean-up would free (nothing now|[\d.]+ \w+)\./);
  expect(await faultsOf(page)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await outOfSight(page)).toEqual([]);
});
