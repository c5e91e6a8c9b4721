import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Download, Page } from '@playwright/test';
import { isSamePage, markPage, runPage } from './support/screens.ts';
import { asFile, guestbookFor, guestbookWishes } from './support/scripts.ts';
import { expect, test } from './support/test.ts';
import { unpacked } from './support/zip.ts';

interface Proof {
  readonly tree: string;
  readonly requirements: readonly { readonly id: string; readonly text: string; readonly status: string }[];
}

test.describe('The main job, by hand', () => {
  test.use({ storageState: { cookies: [], origins: [] } });

  test('a prompt becomes a proven ZIP, from the printed link to the download', async ({
    page,
    factory,
    needsSandbox,
  }) => {
    void needsSandbox;
    const run = runPage(page);
    await page.goto(await factory.client.loginLink());
    await fillGuestbook(page);
    await page.getByRole('button', { name: 'Start run' }).click();
    await expect(page).toHaveURL(/\/runs\/run_/);
    await markPage(page);

    await test.step('the plan shows what was typed, with a check for each, and is approved', async () => {
      const plan = page.getByRole('region', { name: 'The plan' });
      await expect(plan.getByRole('heading', { name: 'Plan 1: is this what you want?' })).toBeVisible();
      for (const wish of guestbookWishes) await expect(plan.getByText(wish)).toBeVisible();
      await expect(plan.getByText('your words')).toHaveCount(3);
      await plan.getByRole('button', { name: /GET \/health answers ok/ }).click();
      await expect(plan.getByText('/health', { exact: false }).last()).toBeVisible();
      await run.approvePlan.click();
    });

    await test.step('steps appear as they happen', async () => {
      await expect(run.activity.getByRole('button', { name: 'Step 2', exact: true })).toBeVisible();
      await expect(run.activity).toContainText('app.py');
      await expect(run.activity).toContainText('sleep 4');
    });

    await test.step('feedback is queued, then taken in by a step that is named', async () => {
      await run.feedback.fill('Keep it to one file, please.');
      await page.getByRole('button', { name: 'Send' }).click();
      await expect(run.queued).toContainText('Keep it to one file, please.');
      await expect(run.activity.getByText(/^taken in by step \d+$/)).toBeVisible();
      await expect(run.queued).toBeHidden();
    });

    await test.step('the clean verifier proves each requirement', async () => {
      await expect(run.allProven).toBeVisible({ timeout: 60_000 });
      await expect(run.requirements.getByText('Proven', { exact: true })).toHaveCount(3);
    });

    await lookAtTheWork(page);
    expect(await isSamePage(page), 'all of it without a reload').toBe(true);
    await deliver(page, 'guest-book', { files: ['app.py', 'requirements.txt'], requirements: 3 });
  });

  test('the Flask example of the start page is built, proven and delivered by the blueprint agent', async ({
    page,
    factory,
    needsSandbox,
  }) => {
    void needsSandbox;
    test.slow();
    const run = runPage(page);
    await page.goto(await factory.client.loginLink());
    await page.getByRole('button', { name: /Flask API with JWT auth/ }).click();
    await page.getByRole('button', { name: 'Start run' }).click();
    await run.approvePlan.click();
    await expect(page.getByRole('link', { name: 'Review and deliver…' })).toBeVisible({ timeout: 300_000 });
    await expect(run.allProven).toBeVisible();
    await page.getByRole('link', { name: 'Review and deliver…' }).click();
    await deliver(page, 'flask-api', { files: ['README.md'], requirements: 5 });
  });
});

async function fillGuestbook(page: Page): Promise<void> {
  await page.getByLabel('What should be built?').fill('A guest book over HTTP that keeps its entries.');
  await page.getByRole('button', { name: 'Add a requirement' }).click();
  await page.getByLabel('Requirement R-1').fill(guestbookWishes[0] ?? '');
  await page.getByRole('button', { name: 'Paste or import' }).click();
  const list = guestbookWishes.slice(1).map((wish) => `- ${wish}`);
  await page.getByLabel('Requirements as text').fill(list.join('\n'));
  await page.getByRole('button', { name: 'Add 2' }).click();
  await expect(page.getByLabel('Requirement R-3')).toHaveValue(guestbookWishes[2] ?? '');
  await page.getByRole('radio', { name: /^Scripted/ }).check();
  await page.getByLabel('Script', { exact: true }).setInputFiles(asFile(guestbookFor(guestbookWishes)));
  await page.getByLabel('Deliver as').fill('guest-book');
}

async function lookAtTheWork(page: Page): Promise<void> {
  const run = runPage(page);
  await test.step('the evidence of a requirement is one click away', async () => {
    await run.requirements.getByRole('button', { name: /R-2/ }).click();
    const evidence = page.getByRole('region', { name: 'Evidence of R-2' });
    await expect(evidence.getByLabel('Command')).not.toBeEmpty();
    await expect(evidence).toContainText('seen fromoutside');
    await expect(evidence).toContainText(/Before the work it failed, .*so it can tell the difference/);
    await evidence.getByRole('button', { name: 'Full log' }).click();
    await expect(evidence.getByRole('region', { name: 'Full log' })).toContainText('/entries');
  });
  await test.step('the diff of a checkpoint, a file and the log can be read', async () => {
    await run.activity.hover();
    await page.mouse.wheel(0, -10_000);
    await run.activity.getByRole('button', { name: /3 files changed · ck-1/ }).click();
    await page
      .getByRole('button', { name: /app\.py/ })
      .first()
      .click();
    await expect(page.getByRole('region', { name: /^Differences, / })).toContainText('class GuestBook');
    await page.getByRole('button', { name: 'Open app.py', exact: true }).click();
    await expect(page.getByRole('region', { name: 'app.py at ck-1' })).toContainText('A guest book over HTTP');
    await run.tab('Log').click();
    await page.getByLabel('Search the log').fill('plan.approved');
    await expect(page.getByRole('region', { name: 'Events, oldest first' }).getByRole('button')).toHaveCount(1);
  });
  await page.getByRole('link', { name: 'Review and deliver…' }).click();
}

interface Wanted {
  readonly files: readonly string[];
  readonly requirements: number;
}

async function deliver(page: Page, name: string, { files, requirements }: Wanted): Promise<void> {
  await test.step('the approved tree is delivered, with its proof beside it', async () => {
    await expect(page.getByText('Every requirement is proven on this tree.')).toBeVisible();
    const goes = page.getByLabel('Files that are delivered');
    for (const file of files) await expect(goes.getByText(file, { exact: true })).toBeVisible();
    await page.getByRole('button', { name: 'Approve and deliver' }).click();
    const delivery = page.getByRole('article', { name: /^Delivery / });
    await expect(delivery).toContainText('Delivered');

    const proof = JSON.parse(await readFile(await saved(page, `${name}.proof.json`), 'utf8')) as Proof;
    expect(proof.requirements.map((item) => item.status)).toEqual(Array.from({ length: requirements }, () => 'proven'));
    expect(await readFile(await saved(page, `${name}.proof.html`), 'utf8')).toContain(proof.requirements[0]?.text);
    await unpacked(await saved(page, `${name}.zip`), async (folder) => {
      for (const file of files) expect((await readFile(join(folder, file))).length).toBeGreaterThan(0);
    });
  });
}

async function saved(page: Page, name: string): Promise<string> {
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name, exact: true }).click();
  const file: Download = await download;
  expect(file.suggestedFilename()).toBe(name);
  return file.path();
}
