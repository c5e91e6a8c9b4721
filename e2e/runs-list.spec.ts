import type { Factory } from './support/factory.ts';
import { fileByFile } from './support/scripts.ts';
import { expect, test } from './support/test.ts';

async function waiting(factory: Factory, prompt: string): Promise<string> {
  const promised = [{ text: 'one.txt shall greet.', path: 'one.txt', includes: 'hello' }];
  const id = await factory.create({
    prompt,
    agent: 'scripted',
    agentOptions: fileByFile({ promised, restSeconds: 0 }),
  });
  await factory.until(id, ({ stage }) => stage.name === 'waiting');
  return id;
}

test('a run is archived, read afterwards, and deleted, each after a list of what goes and what stays', async ({
  page,
  factory,
  needsSandbox,
}) => {
  void needsSandbox;
  const name = 'Zebra crossing, soon to be put away.';
  const id = await waiting(factory, name);
  await page.goto('/runs');
  await page.getByLabel('Search runs').fill('zebra');
  await page.getByLabel('Order').selectOption('By name');
  await expect(page).toHaveURL(/q=zebra/);
  await expect(page).toHaveURL(/sort=name/);
  await expect(page.getByRole('link', { name: /Zebra/ })).toHaveCount(1);

  await page.getByRole('button', { name: `More for ${name}` }).click();
  await page.getByRole('menuitem', { name: 'Archive…' }).click();
  const archive = page.getByRole('dialog', { name: `Archive “${name}”?` });
  await expect(archive.getByRole('heading', { name: /^Goes, and frees about/ })).toBeVisible();
  await expect(archive.getByRole('heading', { name: 'Stays' })).toBeVisible();
  await archive.getByRole('button', { name: 'Archive the run' }).click();
  await expect(page.getByText('No run fits')).toBeVisible();
  await page.getByText('Archived', { exact: true }).click();
  await page.getByRole('link', { name: /Zebra/ }).click();
  await expect(page.getByText(/^Archived .* Its log and proof can be read/)).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Feedback to the run' })).toBeHidden();

  await page.goBack();
  await page.getByRole('button', { name: `More for ${name}` }).click();
  await page.getByRole('menuitem', { name: 'Delete…' }).click();
  await page.getByRole('button', { name: 'Delete the run' }).click();
  await expect(page.getByText('No run fits')).toBeVisible();
  await expect(factory.client.runs.get(id)).rejects.toMatchObject({ name: 'ApiError' });
});

test('what all runs keep is told, and cleaning up says first what it would free', async ({ page }) => {
  await page.goto('/runs');
  await expect(page.getByText(/ kept$/)).toBeVisible();
  await page.getByRole('button', { name: 'Clean up…' }).click();
  await expect(page.getByRole('dialog').locator('p[role=status]')).not.toBeEmpty();
});
