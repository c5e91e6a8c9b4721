import { runPage, tabTo } from './support/screens.ts';
import { asFile, fileByFile } from './support/scripts.ts';
import { expect, test } from './support/test.ts';

test('a run is made, approved and delivered without a mouse', async ({ page, needsSandbox }) => {
  void needsSandbox;
  const run = runPage(page);
  const { keyboard } = page;
  const promised = [
    { id: 'R-1', text: 'one.txt shall greet.', path: 'one.txt', includes: 'hello' },
    { id: 'R-2', text: 'two.txt shall take leave.', path: 'two.txt', includes: 'bye' },
  ];
  // Waited for from the beginning: the browser must know before the key is pressed that the chooser is ours.
  const chooser = page.waitForEvent('filechooser', { timeout: 60_000 });
  await page.goto('/');
  await tabTo(page, page.getByLabel('What should be built?'));
  await keyboard.type('Two files, by keyboard.');
  await tabTo(page, page.getByRole('button', { name: 'Add a requirement' }));
  await keyboard.press('Enter');
  await keyboard.type('one.txt shall greet.');
  await keyboard.press('Enter');
  await keyboard.type('two.txt shall take leave.');

  const scripted = page.getByRole('radio', { name: /^Scripted/ });
  await tabTo(
    page,
    page
      .getByRole('radiogroup', { name: 'Agent' })
      .getByRole('radio')
      .and(page.locator(':checked'))
      .or(scripted)
      .first(),
  );
  while (!(await scripted.isChecked()))
    await keyboard.press((await scripted.evaluate((one) => one === document.activeElement)) ? 'Space' : 'ArrowDown');
  await tabTo(page, page.getByLabel('Script', { exact: true }));
  await keyboard.press('Space');
  await (await chooser).setFiles(asFile(fileByFile({ promised, restSeconds: 0 })));
  await expect(page.getByText('Read; the factory checks it when you start.')).toBeVisible();
  await keyboard.press('Control+Enter');

  await tabTo(page, run.approvePlan);
  await keyboard.press('Enter');
  const review = page.getByRole('link', { name: 'Review and deliver…' });
  await expect(review).toBeVisible({ timeout: 40_000 });
  await tabTo(page, review);
  await keyboard.press('Enter');
  await tabTo(page, page.getByRole('button', { name: 'Approve and deliver' }));
  await keyboard.press('Enter');
  await expect(page.getByRole('article', { name: /^Delivery / })).toContainText('Delivered');
});
