import type { Page } from '@playwright/test';
import { expect, test } from './support/test.ts';

/** What stands on the screen: xterm draws it as rows of text. */
const rows = (page: Page) => page.locator('.xterm-rows');

async function openTerminal(page: Page, runId: string): Promise<void> {
  await page.goto(`/runs/${runId}?view=terminal&pane=work`);
  await page
    .getByRole('button', { name: 'Open a terminal' })
    .or(page.getByRole('button', { name: 'New terminal' }))
    .click();
  // A fresh one, and not one that ended and is still looked at.
  await expect(rows(page)).toHaveText(/^\s*\/workspace \$\s*$/);
}

async function type(page: Page, line: string): Promise<void> {
  await page.keyboard.type(line);
  await page.keyboard.press('Enter');
}

test('a terminal works on the files of a run that waits, survives a reload, and is ended by hand', async ({
  page,
  factory,
  runs,
  needsSandbox,
}) => {
  void needsSandbox;
  const runId = await runs.inReview();
  // Those that other tests left: numbers count from the first.
  for (const { id } of await factory.client.terminals.list(runId)) await factory.client.terminals.close(runId, id);
  await openTerminal(page, runId);
  const first = (await factory.client.terminals.list(runId)).at(-1)?.number ?? 0;
  const named = (offset: number): string => `Terminal ${first + offset}`;
  await type(page, 'cat one.txt; stty size > size.txt; echo "kept a""cross a reload"; sleep 500 &');
  await expect(rows(page)).toContainText('hello');
  await expect(rows(page)).toContainText('kept across a reload');
  await page.reload();
  await expect(rows(page)).toContainText('kept across a reload');
  await page.getByRole('textbox', { name: named(0) }).focus();
  await type(page, 'clear; jobs; cat size.txt');
  await expect(rows(page)).toContainText(/Running +sleep 500/);
  // The size is that of the place on the page, not the one it began with.
  await expect(rows(page)).not.toContainText('30 100');

  await page.getByRole('button', { name: 'New terminal' }).click();
  await expect(page.getByRole('tab', { name: named(1) })).toHaveAttribute('aria-selected', 'true');
  await expect(rows(page)).toContainText('/workspace $');
  await page.keyboard.press('Shift+Escape');
  await expect(page.getByRole('tab', { name: named(1) })).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await expect(rows(page)).toContainText('Running');
  await page.getByRole('button', { name: `Close ${named(0).toLowerCase()} and` }).click();
  await expect(page.getByRole('tab', { name: named(0) })).toHaveCount(0);

  await page.getByRole('textbox', { name: named(1) }).focus();
  await type(page, 'kill -9 $PPID');
  await expect(page.getByText(/^The sandbox ended by itself/).last()).toBeVisible();
  await page.getByRole('button', { name: 'Open a new one' }).click();
  await expect(page.getByRole('tab', { name: named(2) })).toHaveAttribute('aria-selected', 'true');
  await expect(rows(page)).not.toContainText('kill');
  await expect(rows(page)).toContainText('/workspace $');
  await type(page, 'ls');
  await expect(rows(page)).toContainText('one.txt');
  await page.getByRole('button', { name: `Close ${named(2).toLowerCase()} and` }).click();
});

test('what a program writes on the screen reaches nothing but the screen', async ({ page, runs, needsSandbox }) => {
  void needsSandbox;
  // Every way by which a page writes the clipboard.
  await page.addInitScript(() => {
    const note = (): void => document.documentElement.setAttribute('data-clipboard', 'written');
    document.addEventListener('copy', note, true);
    Clipboard.prototype.writeText = Clipboard.prototype.write = async () => note();
  });
  await openTerminal(page, await runs.inReview());
  const title = await page.title();
  await page.getByRole('textbox', { name: /^Terminal/ }).focus();
  const escapes = [
    String.raw`\e]52;c;RVZJTA==\a`, // the clipboard
    String.raw`\e]0;EVIL\a\e]2;EVIL\a\e[22;0t`, // titles
    String.raw`\e[3;0;0t\e[9;1t\e[8;500;500t`, // the window
    String.raw`\e]1337;File=inline=1:PHN2Zz48L3N2Zz4=\a`, // files and pictures
    String.raw`\ePtmux;\e\e]52;c;RVZJTA==\a\e\\`,
    String.raw`\e]8;;javascript:document.title=1\aevil-link\e]8;;\a`,
    String.raw`\e]8;;http://outside.test/x\afar-link\e]8;;\a`,
    '<img src=x onerror=document.title=1>',
  ];
  await type(page, `clear; printf '${escapes.join('')}'; echo; echo do''ne`);
  await expect(rows(page)).toContainText('<img src=x');
  await expect(rows(page)).toContainText('done');
  // Titles that are asked back, and what answers, would be typed into the shell.
  await type(
    page,
    String.raw`clear; printf '\e[21t\e]52;c;?\a\e]11;?\a'; read -t 1 -n 200 x; printf '[%q]\n' "$x"; echo re''ad`,
  );
  await expect(rows(page)).toContainText(/read\s*\/workspace \$/);
  await expect(rows(page)).not.toContainText(/EVIL|RVZJTA|bWluZQ/);
  await expect(page.locator('html')).not.toHaveAttribute('data-clipboard');
  expect(await page.title()).toBe(title);
  await type(
    page,
    String.raw`clear; printf '\e]8;;javascript:document.title=1\aevil-link\e]8;;\a\n\e]8;;http://outside.test/x\afar-link\e]8;;\a\n'`,
  );
  const link = async (text: string): Promise<void> => {
    // Something lies over the rows that takes the mouse for all of them.
    const box = await page
      .locator('.xterm-rows > div')
      .filter({ hasText: new RegExp(`^${text}\\s*$`) })
      .boundingBox();
    if (!box) throw new Error(`${text} is not to be seen.`);
    const [x, y] = [box.x + 12, box.y + box.height / 2];
    await page.mouse.move(x - 3, y);
    await page.mouse.move(x, y);
    await page.mouse.click(x, y);
  };
  await expect(page.locator('.xterm-rows > div').filter({ hasText: /^far-link\s*$/ })).toBeVisible();
  await link('evil-link');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await link('far-link');
  await expect(page.getByRole('dialog', { name: 'Open this address?' })).toContainText('http://outside.test/x');
  await page.getByRole('button', { name: 'Stay here' }).click();
  expect(await page.title()).toBe(title);
});

test('a flood of output leaves the page alive, and Ctrl+C ends it', async ({ page, runs, needsSandbox }) => {
  void needsSandbox;
  await openTerminal(page, await runs.inReview());
  await type(page, 'yes "a flood of lines that does not end"');
  await expect(rows(page)).toContainText('a flood of lines');
  const longestMs = await page.evaluate(async () => {
    let longest = 0;
    let last = performance.now();
    const until = last + 3_000;
    while (last < until) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }
    return longest;
  });
  expect(longestMs).toBeLessThan(1_000);
  await page.getByRole('textbox', { name: /^Terminal/ }).focus();
  await page.keyboard.press('Control+c');
  await type(page, 'clear; echo a""live');
  await expect(rows(page)).toContainText('alive');
});
