import { expect, type Locator, type Page } from '@playwright/test';

/** The parts of a run's page, found as a person finds them: by their names. */
export function runPage(page: Page) {
  return {
    requirements: page.getByRole('region', { name: 'Requirements with their status' }),
    activity: page.getByRole('region', { name: 'Activity, oldest first' }),
    checkpoints: page.getByLabel('Checkpoints, oldest first'),
    header: page.locator('main header').first(),
    approvePlan: page.getByRole('button', { name: 'Approve plan and start' }),
    feedback: page.getByRole('textbox', { name: 'Feedback to the run' }),
    queued: page.getByRole('list', { name: 'Feedback that is queued' }),
    allProven: page.getByRole('heading', { name: /^All \d+ requirements are proven$/ }),
    tab: (name: 'Changes' | 'Files' | 'Log' | 'Evidence'): Locator => page.getByRole('tab', { name }),
  };
}

/** Puts a mark on the page that a reload would take away. */
export async function markPage(page: Page): Promise<void> {
  await page.evaluate(() => document.documentElement.setAttribute('data-same-page', 'yes'));
}

export async function isSamePage(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.hasAttribute('data-same-page'));
}

/** Goes from control to control with the Tab key until it stands on the wished one. */
export async function tabTo(page: Page, wished: Locator): Promise<void> {
  for (let presses = 0; presses < 120; presses += 1) {
    if (await wished.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`The Tab key does not lead to ${wished.toString()}.`);
}

/**
 * Turns the wheel over an activity until a line of it can be seen: it draws only the rows in view. A row that comes at the moment of the
 * first turn takes one back to the end, so it is turned again.
 */
export async function scrollUpTo(line: Locator, activity: Locator): Promise<void> {
  await expect(async () => {
    await activity.hover();
    await activity.page().mouse.wheel(0, -200);
    await expect(line).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 30_000 });
}
