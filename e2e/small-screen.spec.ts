import { runPage } from './support/screens.ts';
import { expect, test } from './support/test.ts';

test.use({ viewport: { width: 390, height: 844 } });

test('on a phone no choice in a row of choices breaks into two lines', async ({ page }) => {
  await page.goto('/runs');
  const choices = page.getByRole('radiogroup', { name: 'Show' }).locator('label');
  await expect(choices).toHaveCount(6);
  const heights = await choices.evaluateAll((labels) =>
    labels.map((label) => {
      const range = document.createRange();
      range.selectNodeContents(label);
      return range.getBoundingClientRect().height;
    }),
  );
  expect(Math.max(...heights)).toBeLessThan(30);
});

test('on a phone the heading of the requirements stands beside the way to import them', async ({ page }) => {
  await page.goto('/');
  const heading = await page.getByRole('heading', { name: 'Requirements' }).boundingBox();
  const beside = await page.getByRole('button', { name: 'Paste or import' }).boundingBox();
  if (!heading || !beside) throw new Error('The start page has no requirements.');
  const middle = heading.y + heading.height / 2;
  expect(middle).toBeGreaterThan(beside.y);
  expect(middle).toBeLessThan(beside.y + beside.height);
});

test('on a phone the parts of a run keep their names and places, whatever one looks at', async ({
  page,
  runs,
  needsSandbox,
}) => {
  void needsSandbox;
  await page.goto(`/runs/${await runs.inReview()}`);
  const parts = page.getByRole('navigation', { name: 'Parts of the run' });
  const names = ['Reqs 2/2', 'Activity', 'Changes', 'More'];
  await expect(parts.getByRole('button')).toHaveText(names);
  await parts.getByRole('button', { name: 'More' }).click();
  await page.getByRole('button', { name: 'Files' }).click();
  await expect(page.getByRole('tab', { name: 'Files' })).toHaveAttribute('aria-selected', 'true');
  await expect(parts.getByRole('button')).toHaveText(names);
  await expect(parts.locator('[aria-current]')).toHaveText('More');
  await parts.getByRole('button', { name: 'Reqs' }).click();
  await runPage(page).requirements.getByRole('button', { name: /R-2/ }).click();
  await expect(parts.locator('[aria-current]')).toHaveText('Reqs 2/2');
  await parts.getByRole('button', { name: 'Changes' }).click();
  await expect(page.getByRole('tab', { name: 'Changes' })).toHaveAttribute('aria-selected', 'true');
});

test('nothing is there to pause while a run waits for its review', async ({ page, runs, needsSandbox }) => {
  void needsSandbox;
  await page.goto(`/runs/${await runs.inReview()}?pane=more`);
  await expect(page.getByRole('button', { name: 'Cancel…' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Pause' })).toBeHidden();
});
