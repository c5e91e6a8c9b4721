import type { Page } from '@playwright/test';
import { expect, test } from './support/test.ts';

const texts = (page: Page): Promise<string[]> =>
  page
    .getByRole('textbox', { name: /^Requirement R-/ })
    .evaluateAll((fields) => fields.map((field) => (field as HTMLTextAreaElement).value));

test('requirements are written, split, merged and moved from the keyboard alone', async ({ page }) => {
  const { keyboard } = page;
  await page.goto('/');
  await page.getByRole('button', { name: 'Add a requirement' }).click();
  await keyboard.type('Orders can be listed and filtered');
  for (let steps = 0; steps < ' and filtered'.length; steps += 1) await keyboard.press('ArrowLeft');
  await keyboard.press('Enter');
  expect(await texts(page)).toEqual(['Orders can be listed', 'and filtered']);
  await keyboard.press('Backspace');
  expect(await texts(page)).toEqual(['Orders can be listed and filtered']);
  await keyboard.press('End');
  await keyboard.press('Enter');
  await keyboard.type('Orders have lines');
  await keyboard.press('Alt+ArrowUp');
  expect(await texts(page)).toEqual(['Orders have lines', 'Orders can be listed and filtered']);
  await expect(page.getByRole('textbox', { name: 'Requirement R-1' })).toBeFocused();
  await expect(page.getByText('Moved to place 1 of 2')).toBeAttached();
  await page.reload();
  expect(await texts(page), 'after a reload').toEqual(['Orders have lines', 'Orders can be listed and filtered']);
});

test('a table is mapped before anything of it is added', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('button', { name: 'Paste or import' }).click();
  const dialog = page.getByRole('dialog', { name: 'Paste or import requirements' });
  const csv = 'Nr;Story;Rank;Done when\n1;"Orders; all of them";low;GET /orders answers 200\n2;;high;\n3;Lines;high;\n';
  await dialog
    .locator('input[type=file]')
    .setInputFiles({ name: 'wishes.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
  await expect(dialog.getByText('2 requirements found, 1 left out')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await page.getByRole('button', { name: 'Paste or import' }).click();
  await expect(dialog.getByText('2 requirements found, 1 left out'), 'Escape throws nothing away').toBeVisible();
  await dialog.getByLabel('Priority').selectOption('Rank');
  await dialog.getByLabel('Acceptance').selectOption('Done when');
  await expect(dialog.getByLabel('What was found')).toContainText(
    'Orders; all of them. Acceptance: GET /orders answers 200could',
  );
  await expect(dialog.getByLabel('What was found')).toContainText('empty, line 3');
  await dialog.getByRole('button', { name: 'Add 2' }).click();
  expect(await texts(page)).toEqual(['Orders; all of them. Acceptance: GET /orders answers 200', 'Lines']);
  await expect(page.getByLabel('Priority of R-1')).toHaveValue('could');
});

test('a list in the prompt is offered, and taken once one has seen it', async ({ page }) => {
  await page.goto('/');
  await page.getByLabel('What should be built?').fill('A shop.\n\n- Orders can be listed\n- Orders have lines\n');
  await page.getByRole('button', { name: 'Take 2 requirements from it…' }).click();
  await page.getByRole('button', { name: 'Add 2' }).click();
  expect(await texts(page)).toEqual(['Orders can be listed', 'Orders have lines']);
});

test('commands are found by their words, from anywhere, and single keys can be turned off', async ({ page }) => {
  const { keyboard } = page;
  await page.goto('/');
  await page.getByLabel('What should be built?').focus();
  const palette = page.getByRole('dialog', { name: 'Commands and runs' });
  await keyboard.press('Control+k');
  await expect(palette).toBeVisible();
  await keyboard.type('dark');
  await keyboard.press('Enter');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(palette).toBeHidden();
  await keyboard.press('Control+k');
  await expect(palette).toBeVisible();
  await keyboard.type('all runs');
  await keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Runs', exact: true })).toBeVisible();
  await keyboard.press('n');
  await expect(page.getByLabel('What should be built?')).toBeVisible();
  await page.getByRole('button', { name: 'Keys' }).click();
  await page.getByRole('checkbox', { name: 'Keys without Ctrl or ⌘ work' }).uncheck();
  await page.getByRole('button', { name: 'Close' }).click();
  await keyboard.press('g');
  await keyboard.press('r');
  await keyboard.press('Control+k');
  await expect(palette).toBeVisible();
  await expect(page).toHaveURL(/\/$/);
});
