import { expect, test } from './support/test.ts';

test('the settings show every agent with its models, its program and its last run, and that logins are not supported', async ({
  page,
}) => {
  await page.goto('/settings');
  const gallery = page.getByRole('region', { name: 'Agents' });
  await expect(gallery).toContainText(
    'Subscription logins of vendors (ChatGPT, Claude, Google and others) are not supported.',
  );
  const card = (title: string) => gallery.getByRole('listitem', { name: title, exact: true });
  await expect(card('Blueprint')).toContainText('No model');
  await expect(card('Blueprint')).toContainText('Comes with the factory');
  await expect(card('Blueprint').getByRole('button')).toHaveCount(0);
  await expect(card('Claude Code')).toContainText('it speaks Messages');
  await expect(card('Claude Code')).toContainText('not fetched yet');
  await expect(card('Claude Code').getByRole('button', { name: 'Fetch now Claude Code' })).toBeEnabled();
  await expect(gallery.getByRole('listitem')).toHaveCount(9);
});
