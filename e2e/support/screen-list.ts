import { expect, type Locator, type Page } from '@playwright/test';
import type { Runs } from './runs.ts';

/** A screen of the console: where it is, what opens it there, and how one sees that it is there. */
export interface Screen {
  readonly name: string;
  readonly needsRun: boolean;
  /** It exists only where there is room for it. */
  readonly wideOnly?: boolean;
  readonly address: (runs: Runs) => Promise<string>;
  readonly open?: (page: Page) => Promise<void>;
  readonly ready: (page: Page) => Locator;
}

type Look = Pick<Screen, 'open' | 'ready' | 'wideOnly'>;

const anywhere = (name: string, path: string, look: Look): Screen => ({
  name,
  needsRun: false,
  address: () => Promise.resolve(path),
  ...look,
});

const inRun = (name: string, which: keyof Runs, look: Look & { readonly rest?: string }): Screen => ({
  name,
  needsRun: true,
  address: async (runs) => `/runs/${await runs[which]()}${look.rest ?? ''}`,
  ...look,
});

const button = (page: Page, name: string | RegExp): Locator => page.getByRole('button', { name });
const heading = (page: Page, name: string | RegExp): Locator => page.getByRole('heading', { name });

export const screens: readonly Screen[] = [
  anywhere('Start page', '/', { ready: (page) => page.getByRole('radio', { name: /^Scripted/ }) }),
  anywhere('Settings', '/settings', { ready: (page) => page.getByText('Anthropic', { exact: true }) }),
  anywhere('Settings of a provider', '/settings', {
    open: (page) => page.getByText('OpenAI-compatible').click(),
    ready: (page) => page.getByRole('button', { name: 'Test connection' }).first(),
  }),
  anywhere('Settings of issues that begin runs', '/settings', {
    open: async (page) => {
      await button(page, 'Let issues begin runs').click();
      await button(page, 'Switch on').click();
    },
    ready: (page) => page.getByText('What got it before is not taken.'),
  }),
  anywhere('Start page with something missing', '/', {
    open: async (page) => {
      await button(page, 'Add a requirement').click();
      await page.getByText('My code (ZIP)').click();
      await button(page, 'Start run').click();
    },
    ready: (page) => page.getByText(/things are missing$/),
  }),
  anywhere('Import of requirements', '/', {
    open: async (page) => {
      await button(page, 'Paste or import').click();
      await page.getByLabel('Requirements as text').fill('- one (should)\n- two\n- two\n');
    },
    ready: (page) => page.getByRole('dialog').getByText(/found/).first(),
  }),
  anywhere('Import of a table', '/', {
    open: async (page) => {
      await button(page, 'Paste or import').click();
      await page.getByLabel('Requirements as text').fill('Requirement,Priority\none,must\n,low\n');
    },
    ready: (page) => page.getByRole('dialog').getByLabel('Priority'),
  }),
  anywhere('Import of issues', '/', {
    open: async (page) => {
      await button(page, 'Paste or import').click();
      await page.getByRole('dialog').getByText('GitHub issues').click();
      await page.getByRole('dialog').getByLabel('Repository').fill('acme/shop');
    },
    ready: (page) => page.getByRole('dialog').getByRole('button', { name: 'Look' }),
  }),
  anywhere('Palette', '/', {
    open: async (page) => {
      await expect(button(page, 'Start run')).toBeVisible();
      await page.keyboard.press('Control+k');
    },
    ready: (page) => page.getByRole('option', { name: /All runs/ }),
  }),
  anywhere('List of keys', '/', {
    open: async (page) => {
      await expect(button(page, 'Start run')).toBeVisible();
      await page.keyboard.press('?');
    },
    ready: (page) => page.getByRole('dialog', { name: 'Keys' }),
  }),
  anywhere('Address that leads nowhere', '/nowhere', { ready: (page) => heading(page, /nothing at this address/) }),
  inRun('List of runs', 'delivered', {
    rest: '/../',
    open: openRuns,
    ready: (page) => page.getByRole('link', { name: /guest book/i }).first(),
  }),
  inRun('Deletion of a run', 'inReview', {
    rest: '/../',
    open: async (page) => {
      await openRuns(page);
      await button(page, /^More for Two files that wait/)
        .first()
        .click();
      await page.getByRole('menuitem', { name: 'Delete…' }).click();
    },
    ready: (page) => heading(page, 'Stays'),
  }),
  inRun('Forking', 'inReview', {
    rest: '?ck=ck-1&pane=more',
    open: async (page) => {
      await button(page, 'More for ck-1').first().click();
      await page.getByRole('menuitem', { name: /^Fork/ }).click();
    },
    ready: (page) => page.getByRole('textbox', { name: 'Prompt' }),
  }),
  inRun('Changes side by side', 'delivered', {
    rest: '?view=changes&wide=true',
    wideOnly: true,
    open: (page) => button(page, 'Side by side').click(),
    ready: (page) => button(page, 'One below the other'),
  }),
  inRun('Plan that waits', 'planned', { ready: (page) => button(page, 'Approve plan and start') }),
  inRun('Plan being reworded', 'planned', {
    open: (page) => button(page, 'Reword or split R-1').click(),
    ready: (page) => button(page, 'Save wording'),
  }),
  inRun('Run that is proven', 'inReview', { ready: (page) => heading(page, /^All 2 requirements/) }),
  inRun('Run by a liar', 'lying', {
    rest: '?fails=true',
    ready: (page) => page.getByText(/requirements are (proven|not proven)/).first(),
  }),
  inRun('Requirements', 'delivered', { rest: '?pane=reqs', ready: (page) => heading(page, 'Requirements') }),
  inRun('Evidence', 'delivered', {
    rest: '?view=evidence&req=R-1&pane=work',
    open: async (page) => {
      await button(page, 'What it asks, word for word').click();
      await button(page, 'Full log').click();
    },
    ready: (page) => page.getByRole('region', { name: 'Full log' }),
  }),
  inRun('Evidence that fails', 'lying', {
    rest: '?view=evidence&req=R-2&pane=work',
    ready: (page) => page.getByRole('region', { name: 'Evidence of R-2' }),
  }),
  inRun('Waiving of a requirement', 'lying', {
    rest: '?view=evidence&req=R-2&pane=work',
    open: async (page) => {
      await button(page, 'Waive…').click();
      await page.getByRole('dialog').getByRole('button', { name: 'Waive' }).click();
    },
    ready: (page) => page.getByText('Say why.'),
  }),
  inRun('Changes', 'delivered', {
    rest: '?view=changes&file=app.py&pane=work',
    ready: (page) => page.getByRole('checkbox', { name: 'Viewed: app.py' }).first(),
  }),
  inRun('Files', 'inReview', {
    rest: '?view=files&pane=work',
    ready: (page) => page.getByRole('tabpanel').getByRole('button', { name: /two\.txt/ }),
  }),
  inRun('File', 'delivered', {
    rest: '?view=files&file=app.py&pane=work',
    ready: (page) => page.getByRole('region', { name: /^app\.py at/ }),
  }),
  inRun('Terminal', 'inReview', {
    rest: '?view=terminal&pane=work',
    open: (page) => button(page, /^(?:Open a|New) terminal$/).click(),
    ready: (page) => page.locator('.xterm-rows', { hasText: '/workspace $' }),
  }),
  inRun('Log', 'delivered', {
    rest: '?view=log&pane=work&find=run.created',
    open: (page) => button(page, /run\.created/).click(),
    ready: (page) => page.getByLabel('Event 1', { exact: true }),
  }),
  inRun('More of a run', 'inReview', { rest: '?pane=more', ready: (page) => heading(page, 'Checkpoints').first() }),
  inRun('Cancelling', 'planned', {
    rest: '?pane=more',
    open: (page) => button(page, 'Cancel…').click(),
    ready: (page) => page.getByRole('dialog', { name: 'Cancel this run?' }),
  }),
  inRun('Restoring', 'inReview', {
    rest: '?ck=ck-1&pane=more',
    open: (page) => button(page, 'Restore…').first().click(),
    ready: (page) => page.getByLabel('Files that change'),
  }),
  inRun('Delivery before the yes', 'inReview', {
    rest: '/deliver',
    ready: (page) => button(page, 'Approve and deliver'),
  }),
  inRun('Delivery of what is not proven', 'lying', {
    rest: '/deliver',
    open: (page) => button(page, /deliver$/).click(),
    ready: (page) => heading(page, /^(Approve and deliver|Deliver again)$/),
  }),
  inRun('Delivery that is done', 'delivered', {
    rest: '/deliver',
    ready: (page) => page.getByRole('article', { name: /^Delivery / }),
  }),
];

async function openRuns(page: Page): Promise<void> {
  await page.goto('/runs');
}
