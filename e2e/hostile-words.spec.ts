import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { runPage } from './support/screens.ts';
import { finish, planOf, script, shell } from './support/scripts.ts';
import { expect, test } from './support/test.ts';

const image = '<img src=x onerror=alert(1)>';
const tag = '"><script>alert(2)</script>';
const fileName = `${image.replaceAll(' ', '\u00A0')}.html`;

const attack = script({
  plan: [planOf([{ text: `${image} shall be shown ${tag}`, path: fileName, includes: '<script>' }])],
  work: [
    {
      text: `${image}${tag}[a](javascript:alert(3))`,
      calls: [{ tool: 'write', input: { path: fileName, content: `<script>alert(4)</script>\n${image}\n` } }],
    },
    shell(`printf '%s\\n' '${image}' '<svg onload=alert(5)>' >&2; exit 3`, tag),
    { calls: [finish] },
  ],
});

test('what prompt, requirement, file and log say is shown as text and never runs', async ({
  page,
  factory,
  needsSandbox,
}) => {
  void needsSandbox;
  const run = runPage(page);
  const id = await factory.create({
    prompt: `${image} ${tag}`,
    requirements: [{ text: `Nothing ${image} runs ${tag}` }],
    agent: 'scripted',
    agentOptions: attack,
  });
  const { plan } = await factory.until(id, ({ stage }) => stage.name === 'waiting');
  await page.goto(`/runs/${id}`);
  await expect(page.getByRole('region', { name: 'The plan' })).toContainText(`Nothing ${image} runs ${tag}`);
  await factory.client.runs.command(id, { do: 'approve-plan', version: plan.proposed });
  await factory.client.runs.command(id, { do: 'feedback', text: `${image}${tag}`, mode: 'queue' });
  const { stage } = await factory.until(id, (state) => state.stage.name === 'waiting' && state.stage.for === 'review');
  expect(stage.name).toBe('waiting');

  await expect(run.activity).toContainText('<svg onload=alert(5)>');
  await run.requirements.getByRole('button', { name: /R-2/ }).click();
  await expect(page.getByRole('region', { name: 'Evidence of R-2' })).toContainText(image);
  await run.tab('Changes').click();
  await expect(page.getByRole('tabpanel')).toContainText('<script>alert(4)</script>');
  await page
    .getByRole('button', { name: /^Open / })
    .first()
    .click();
  await expect(page.getByRole('region', { name: /at ck-1$/ })).toContainText('<script>alert(4)</script>');
  await run.tab('Log').click();
  await expect(page.getByRole('tabpanel')).toContainText('onerror');
  await nothingCameAlive(page);

  await page.goto('/runs');
  await expect(page.getByRole('link', { name: /onerror/ })).toBeVisible();
  await nothingCameAlive(page);
  await page.goto(`/runs/${id}/deliver`);
  await page.getByRole('checkbox', { name: /^Deliver with/ }).check();
  await page.getByRole('button', { name: 'Approve and deliver' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: /\.proof\.html$/ }).click();
  const report = await readFile(await (await download).path(), 'utf8');
  await nothingCameAlive(page);

  // The report is opened from a disk, where no header of ours protects it.
  await page.goto('about:blank');
  await page.setContent(report);
  await expect(page.locator('body')).toContainText(image);
  await nothingCameAlive(page);
});

async function nothingCameAlive(page: Page): Promise<void> {
  expect(await page.locator('img[src="x"], svg[onload], script:not([src]), a[href^="javascript:"]').count()).toBe(0);
}
