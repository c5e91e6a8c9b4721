import { signedPath, unsignedPaths } from './support/routes.ts';
import { expect, test } from './support/test.ts';

const stranger = { cookies: [], origins: [] };

test.describe('Without a session', () => {
  test.use({ storageState: stranger });

  test('every route of the API answers 401, and says what to do', async ({ request, factory }) => {
    const paths = await unsignedPaths(factory);
    expect(paths.length).toBeGreaterThan(10);
    for (const { method, path } of paths) {
      const answer = await request.fetch(path, { method });
      expect([path, answer.status()]).toEqual([path, 401]);
      expect(answer.headers()['content-type']).toContain('application/problem+json');
      expect(await answer.text()).toContain('Open the link that the server printed');
    }
  });

  test('the door for webhooks is shut where no secret was given', async ({ request }) => {
    const answer = await request.post(signedPath, { data: { action: 'opened' } });
    expect(answer.status()).toBe(404);
    expect(await answer.text()).toContain('hooks_off');
  });

  test('every page leads to the one that tells how to get a link', async ({ page, guard }) => {
    guard.expect(/status of 401/);
    for (const path of ['/', '/runs', '/runs/run_abcdefghjkmnpqrs', '/runs/run_abcdefghjkmnpqrs/deliver']) {
      await page.goto(path);
      await expect(page.getByRole('heading', { name: 'This browser is not signed in' })).toBeVisible();
      await expect(page.getByText('npm start')).toBeVisible();
    }
  });

  test('a login link works once, and says so the second time', async ({ page, browser, factory, guard }) => {
    guard.expect(/status of 401/);
    const link = await factory.client.loginLink();
    await page.goto(link);
    await expect(page.getByLabel('What should be built?')).toBeVisible();
    const other = await browser.newContext();
    guard.watch(other);
    const second = await other.newPage();
    await second.goto(link);
    await expect(second.getByText('This login link was used before or is older than 15 minutes.')).toBeVisible();
    await expect(second.getByText('npm start')).toBeVisible();
    await second.reload();
    await expect(second.getByRole('heading', { name: 'This browser is not signed in' })).toBeVisible();
    await other.close();
  });
});
