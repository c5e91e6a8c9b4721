import type { Page } from '@playwright/test';
import { createGuard } from './support/guard.ts';
import { startReplay, told, type Replay } from './support/replay.ts';
import { expect, test as base } from './support/test.ts';

/** A page on told runs, under the same guard as every other. */
const test = base.extend<{ readonly big: Page }, { readonly replay: Replay }>({
  replay: [
    // oxlint-disable-next-line no-empty-pattern -- because Playwright reads from the pattern what a fixture needs.
    async ({}, use) => {
      const replay = await startReplay();
      await use(replay);
      await replay.stop();
    },
    { scope: 'worker' },
  ],
  big: async ({ browser, replay }, use) => {
    const context = await browser.newContext({ baseURL: replay.url, viewport: { width: 1440, height: 900 } });
    const guard = createGuard(replay.url);
    guard.watch(context);
    await use(await context.newPage());
    expect(guard.faults, 'what no page may do').toEqual([]);
    await context.close();
  },
});

const nodes = (page: Page): Promise<number> => page.evaluate(() => document.querySelectorAll('*').length);

test('a difference of 100 files with 400 lines each holds at most 5,000 nodes, in both layouts, down to its end', async ({
  big,
}) => {
  await big.goto(`/runs/${told.broad}?view=changes&base=ck-2&wide=true`);
  const lines = big.getByRole('region', { name: 'Differences, ck-2 to ck-3' });
  await expect(big.getByText('100 files', { exact: true })).toBeVisible();
  await expect(lines.getByText('def balance_0(entries):')).toBeVisible();
  expect(await nodes(big)).toBeLessThanOrEqual(5000);
  await big.getByRole('button', { name: 'Side by side' }).click();
  await expect(big.getByRole('button', { name: 'One below the other' })).toBeVisible();
  expect(await nodes(big), 'side by side').toBeLessThanOrEqual(5000);

  await big.getByRole('region', { name: 'Changed files' }).hover();
  await big.mouse.wheel(0, 100_000);
  await big.getByRole('button', { name: /account_099\.py/ }).click();
  await expect(lines.getByRole('checkbox', { name: /account_099\.py/ })).toBeVisible();
  await expect(big).toHaveURL(/account_099\.py/);
  // Its inks come with it: inside a docstring a word is no keyword.
  const docstring = lines.getByText('for each entry that is rounded to').first();
  await expect(docstring).toHaveClass(/text-ink-2/);
  expect(await nodes(big), 'at the end').toBeLessThanOrEqual(5000);
});

test('a difference is read by keyboard: from change to change, and each file ticked off', async ({ big }) => {
  await big.goto(`/runs/${told.broad}?view=changes&base=ck-2`);
  const lines = big.getByRole('region', { name: 'Differences, ck-2 to ck-3' });
  await expect(lines.getByText('def balance_0(entries):')).toBeVisible();
  await lines.focus();
  for (let presses = 0; presses < 12; presses += 1) await big.keyboard.press('j');
  await expect(lines.getByRole('img', { name: 'line 57 added' })).toBeInViewport();
  await big.keyboard.press('k');
  await expect(lines.getByRole('img', { name: 'line 53 added' })).toBeInViewport();
  await big.keyboard.press('v');
  await expect(big.getByText('100 files, 1 viewed')).toBeVisible();
  await big.reload();
  await expect(big.getByText('100 files, 1 viewed'), 'also after a reload').toBeVisible();
});

test('a file that begins closed is opened by a link to it, and not by scrolling past it', async ({ big }) => {
  const head = big.getByRole('region', { name: /^Differences, / }).getByRole('button', { name: /^A \.gitignore/ });
  await big.setViewportSize({ width: 1440, height: 420 });
  await big.goto(`/runs/${told.broad}?view=changes&ck=ck-1`);
  await expect(head).toHaveAttribute('aria-expanded', 'false');
  await big.getByRole('region', { name: /^Differences, / }).hover();
  await big.mouse.wheel(0, 400);
  await expect(big).toHaveURL(/file=/);
  await big.mouse.wheel(0, -4000);
  await expect(big).toHaveURL(/file=\.gitignore/);
  await expect(head).toHaveAttribute('aria-expanded', 'false');
  await big.reload();
  await expect(head).toHaveAttribute('aria-expanded', 'true');
});

test('a run of 10,000 events holds at most 1,500 nodes, and its log is searched, narrowed and followed', async ({
  big,
}) => {
  await big.goto(`/runs/${told.long}?view=log`);
  const log = big.getByRole('region', { name: 'Events, oldest first' });
  await expect(big.getByText(/^1\d,\d{3} events$/)).toBeVisible();
  expect(await nodes(big)).toBeLessThanOrEqual(1500);
  await big.getByRole('button', { name: 'Follow the newest events' }).click();
  await expect(log.getByText('Account 1124: read, change, run.').first()).toBeVisible();
  expect(await nodes(big), 'at its end').toBeLessThanOrEqual(1500);

  await big.keyboard.press('/');
  await big.keyboard.type('account_1037 exit');
  await expect(big).toHaveURL(/find=account_1037/);
  await big.getByLabel('Search the log').fill('test_1037');
  await expect(big.getByText(/^\d of 1\d{4}$/)).toBeVisible();
  await expect(log.locator('mark').first()).toHaveText('test_1037');
  await big.getByText('Faults', { exact: true }).click();
  await expect(big).toHaveURL(/kind=faults/);
  await big.goBack();
  await expect(big).not.toHaveURL(/kind=/);
  await big.goto(`/runs/${told.long}?view=log&find=test_1037`);
  await expect(log.locator('mark').first(), 'also from a link').toHaveText('test_1037');
});
