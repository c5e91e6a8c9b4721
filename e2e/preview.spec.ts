import { existsSync } from 'node:fs';
import type { FrameLocator, Page } from '@playwright/test';
import { faultsOf } from './support/accessibility.ts';
import type { Factory } from './support/factory.ts';
import { hostilePage, hostileServer, naiveConsole } from './support/hostile-preview.ts';
import { finish, planOf, script } from './support/scripts.ts';
import { expect, test } from './support/test.ts';

const promised = [{ text: 'There shall be a page.', path: 'page.html', includes: 'Shop' }];

/** A run whose workspace holds the application, waiting for a person. */
async function shop(factory: Factory): Promise<string> {
  const write = (path: string, content: string) => ({ tool: 'write', input: { path, content } });
  const id = await factory.create({
    prompt: 'A shop that cannot be trusted.',
    agent: 'scripted',
    agentOptions: script({
      plan: [planOf(promised)],
      work: [{ calls: [write('page.html', hostilePage), write('server.mjs', hostileServer), finish] }],
    }),
  });
  const { plan } = await factory.until(id, ({ stage }) => stage.name === 'waiting');
  await factory.client.runs.command(id, { do: 'approve-plan', version: plan.proposed });
  await factory.until(id, ({ stage }) => stage.name === 'waiting' && stage.for === 'review');
  return id;
}

const attacks = [
  'read the API',
  'log the person out',
  'read the page around',
  'see who opened it',
  'read the pass or the session',
  'set a cookie for all of localhost',
  'read another preview',
  'open a WebSocket of another preview',
  'serve others with a service worker',
  'lead the page around away',
];

const start = (page: Page) => page.getByRole('button', { name: 'Start the preview' });
const frameOf = (page: Page): FrameLocator => page.frameLocator('iframe[title^="Preview of port"]');

test('a preview is started, shown, resized, opened in a tab, crashes and comes back, and reaches nothing outside (D01, D02)', async ({
  page,
  context,
  factory,
  guard,
  needsSandbox,
}) => {
  void needsSandbox;
  test.slow();
  // What it tries is refused, and its own origin is another host.
  guard.expect(/--run-[a-z2-7]{16}\.localhost/);
  guard.expect(/Refused|Blocked|blocked|CORS|Failed to load|Unsafe attempt|WebSocket|Content Security Policy/);
  const [id, other] = await Promise.all([shop(factory), shop(factory)]);

  await page.goto(`/runs/${other}?view=preview`);
  await start(page).click();
  await expect(frameOf(page).getByRole('heading', { name: 'Shop' })).toBeVisible({ timeout: 60_000 });
  const otherOrigin = new URL(page.frames().at(-1)?.url() ?? '').origin;

  const tab = await context.newPage();
  await tab.goto(`/runs/${id}?view=preview`);
  await start(tab).click();
  await expect(frameOf(tab).getByRole('heading', { name: 'Shop' })).toBeVisible({ timeout: 60_000 });

  await test.step('attacks of the page are stopped, and what is its own works', async () => {
    await tab.getByLabel('Path').fill(`/?console=${factory.url}&other=${otherOrigin}`);
    await tab.getByLabel('Path').press('Enter');
    const seen = frameOf(tab).locator('li');
    await expect(seen).toHaveCount(attacks.length + 1, { timeout: 30_000 });
    expect(await seen.allTextContents()).toEqual([
      ...attacks.map((what) => `${what}: stopped`),
      'its own WebSocket: works',
    ]);
    expect(tab.url()).toContain(`/runs/${id}`);
    await expect(tab.getByRole('tab', { name: 'Preview' })).toBeVisible();
    const { cookies } = await context.storageState();
    expect(cookies.filter(({ name }) => name.startsWith('tossed'))).toEqual([]);
  });

  await test.step('it has the width of a phone', async () => {
    await tab.getByRole('radio', { name: '390' }).check({ force: true });
    await expect(tab.locator('iframe')).toHaveCSS('width', '390px');
    expect(tab.url()).toContain('device=phone');
  });

  await test.step('it opens in a tab of its own, which knows nothing of the console', async () => {
    await tab.getByLabel('Path').fill('/');
    await tab.getByLabel('Path').press('Enter');
    await expect(frameOf(tab).locator('li')).toHaveCount(0);
    const opening = context.waitForEvent('page');
    await tab.getByRole('button', { name: 'Open in a tab' }).click();
    const own = await opening;
    await expect(own.getByRole('heading', { name: 'Shop' })).toBeVisible();
    expect(await own.evaluate(() => [window.opener === null, document.referrer])).toEqual([true, '']);
    // In a frame Chromium may deny it, as to every third party.
    const kept = await own.evaluate(() => {
      localStorage.setItem('own', '1');
      return localStorage.getItem('own');
    });
    expect(kept).toBe('1');
    await own.close();
  });

  await test.step('a crash shows the last words and one click brings it back', async () => {
    await frameOf(tab).getByRole('button', { name: 'Crash' }).click();
    await expect(tab.getByText('It ended with exit code 3.')).toBeVisible();
    await expect(tab.getByText('out of books')).toBeVisible();
    await tab.getByRole('button', { name: 'Start it again' }).click();
    await expect(frameOf(tab).getByRole('heading', { name: 'Shop' })).toBeVisible();
  });

  await test.step('a picture of it goes to the run with a person’s words', async () => {
    if (!existsSync('/usr/lib/chromium/chromium')) return;
    await tab.getByRole('button', { name: 'Say something about this page, with a screenshot' }).click();
    const dialog = tab.getByRole('dialog', { name: 'Say something about this page' });
    await expect(dialog.getByRole('img')).toBeVisible({ timeout: 30_000 });
    expect(await faultsOf(tab, 'all')).toEqual([]);
    await dialog.getByLabel('What should change').fill('A larger sign.');
    await dialog.getByRole('button', { name: 'Send to the run' }).click();
    await expect(dialog).toBeHidden();
    await factory.until(id, ({ feedback }) => feedback.at(-1)?.text === 'A larger sign.');
  });
});

test('the same page does what it wants where previews share the origin of the console (D01, D02)', async ({
  browser,
}) => {
  const { url, server } = await naiveConsole();
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(url);
    const seen = page.frameLocator('iframe').locator('li');
    await expect(seen.filter({ hasText: 'read the page around' })).toHaveText('read the page around: done');
    await expect(seen).toHaveCount(attacks.length);
    const texts = await seen.allTextContents();
    expect(texts).toContain('read the API: done');
    expect(texts).toContain('log the person out: done');
    await page.frames()[1]?.evaluate(() => {
      if (window.top) window.top.location.href = 'about:blank#gone';
    });
    await page.waitForURL(/about:blank/);
  } finally {
    await context.close();
    server.close();
  }
});
