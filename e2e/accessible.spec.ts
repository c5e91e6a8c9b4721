import { faultsOf, outOfSight } from './support/accessibility.ts';
import { screens } from './support/screen-list.ts';
import { expect, test } from './support/test.ts';

const wide = { width: 1440, height: 900 };
const phone = { width: 390, height: 844 };

for (const screen of screens) {
  test(`${screen.name}: no fault by WCAG 2.2 AA, light and dark, wide and narrow, and nothing off its sides`, async ({
    page,
    runs,
    sandbox,
  }) => {
    test.skip(screen.needsRun && sandbox.missing !== '', sandbox.missing);
    const address = await screen.address(runs);
    for (const size of screen.wideOnly ? [wide] : [wide, phone]) {
      await page.setViewportSize(size);
      await page.goto(address);
      await screen.open?.(page);
      await expect(screen.ready(page)).toBeVisible();
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        expect(
          await faultsOf(page, colorScheme === 'light' ? 'all' : 'colours'),
          `${colorScheme}, ${size.width} px`,
        ).toEqual([]);
      }
      if (size === phone) expect(await outOfSight(page), 'at 390 px').toEqual([]);
    }
  });
}

test.describe('without a session', () => {
  test.use({ storageState: { cookies: [], origins: [] } });

  test('the page that tells how to sign in: no fault by WCAG 2.2 AA', async ({ page, guard }) => {
    guard.expect(/status of 401/);
    for (const size of [wide, phone]) {
      await page.setViewportSize(size);
      await page.goto('/');
      await expect(page.getByRole('heading', { name: 'This browser is not signed in' })).toBeVisible();
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        expect(
          await faultsOf(page, colorScheme === 'light' ? 'all' : 'colours'),
          `${colorScheme}, ${size.width} px`,
        ).toEqual([]);
      }
      expect(await outOfSight(page)).toEqual([]);
    }
  });
});
