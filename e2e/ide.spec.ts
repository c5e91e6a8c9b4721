import { existsSync } from 'node:fs';
import type { BrowserContext, Page } from '@playwright/test';
import { expect, test } from './support/test.ts';

/** Fetched before: half a minute and a registry would be needed here otherwise. */
const here = existsSync(process.env['DEVFACTORY_IDE_DIR'] ?? '/nowhere');

test('VS Code opens from a changed line, edits, saves by itself, and runs nothing by itself', async ({
  page,
  context,
  guard,
  factory,
  runs,
  needsSandbox,
}) => {
  void needsSandbox;
  test.setTimeout(240_000);
  test.skip(!here, 'no VS Code was fetched: DEVFACTORY_IDE_DIR names where one lies');
  // Another origin, by design; what VS Code itself complains of in its own console is not ours.
  guard.expect(/http:\/\/ide--run-[a-z2-7]{16}\.localhost:/);
  const outside: string[] = [];
  context.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url());
    if (/^https?:$/.test(protocol) && hostname !== '127.0.0.1' && !hostname.startsWith('ide--'))
      outside.push(request.url());
  });
  const runId = await runs.inReview();
  const terminal = await plant(page, runId);
  await page.goto(`/runs/${runId}?view=changes&file=one.txt&pane=work`);
  const opened = context.waitForEvent('page');
  await page.getByRole('button', { name: 'Open one.txt in VS Code' }).click();
  const ide = await opened;
  await expect(ide.locator('.monaco-workbench')).toBeVisible({ timeout: 60_000 });
  await expect(ide.getByRole('tab', { name: /one\.txt/ })).toBeVisible({ timeout: 30_000 });
  const editor = ide.locator('.monaco-editor').first();
  await expect(editor).toContainText('hello', { timeout: 30_000 });
  await editor.click();
  await ide.keyboard.press('Control+End');
  await ide.keyboard.type('\nby a person in VS Code');
  await expect.poll(() => terminal('cat one.txt'), { timeout: 60_000 }).toContain('by a person in VS Code');
  // A17: the task that wants to run when the folder is opened has not.
  expect(await terminal('ls')).not.toContain('PWNED');
  // No secret of the platform's went along, in either direction.
  const cookies = await ide.evaluate(() => document.cookie);
  expect(cookies).toBe('');
  expect(
    await ide.evaluate(
      () =>
        window.opener === null ||
        (() => {
          try {
            return window.opener.document === undefined;
          } catch {
            return true;
          }
        })(),
    ),
  ).toBe(true);
  // What was saved in VS Code is the person's, in the log and to the agent.
  await expect
    .poll(async () => (await factory.client.runs.get(runId)).edits.map(({ path, via }) => [path, via]), {
      timeout: 30_000,
    })
    .toContainEqual(['one.txt', 'workspace']);
  await useExtension(ide, context, runId);
  expect(outside).toEqual([]);
  await ide.close();
});

/** Our extension shows the run, and whatever it offers to do is done in the console. */
async function useExtension(ide: Page, context: BrowserContext, runId: string): Promise<void> {
  await expect(ide.locator('.statusbar-item', { hasText: /\d+\/\d+ proven/ })).toBeVisible({ timeout: 60_000 });
  await ide.getByRole('tab', { name: 'AI DevFactory' }).click();
  await expect(ide.getByRole('treeitem', { name: /^R-1: .* proven$/ })).toBeVisible();
  await expect(ide.getByRole('treeitem', { name: /^A person changed one\.txt/ })).toBeVisible();
  await ide.keyboard.press('F1');
  await expect(ide.locator('.quick-input-widget')).toBeVisible();
  await ide.keyboard.type('Say something to the run');
  await expect(ide.getByRole('option', { name: /Say something to the run/ })).toBeVisible();
  await ide.keyboard.press('Enter');
  const box = ide.getByPlaceholder('Correct the course or ask for more');
  await box.fill('Greet in two languages & more');
  await ide.keyboard.press('Enter');
  const opened = context.waitForEvent('page');
  // VS Code asks before it leads anywhere.
  await ide.getByRole('button', { name: 'Open', exact: true }).click();
  const run = await opened;
  await expect(run.getByRole('textbox', { name: 'Feedback to the run' })).toHaveValue('Greet in two languages & more');
  expect(new URL(run.url()).pathname).toBe(`/runs/${runId}`);
  expect(run.url()).not.toContain('say=');
  // Nothing was said by opening it.
  await expect(run.getByRole('list', { name: 'Feedback that is queued' })).toHaveCount(0);
  await run.close();
}

/** A repository that wants to run something when an IDE opens it (ide-attacks.spec.ts has all of it), and a shell beside it. */
async function plant(page: Page, runId: string): Promise<(command: string) => Promise<string>> {
  await page.goto(`/runs/${runId}?view=terminal&pane=work`);
  await page.getByRole('button', { name: /^(?:Open a|New) terminal$/ }).click();
  const rows = page.locator('.xterm-rows');
  await expect(rows).toHaveText(/^\s*\/workspace \$\s*$/);
  const tasks = JSON.stringify({
    version: '2.0.0',
    tasks: [{ label: 'x', type: 'shell', command: 'touch PWNED', runOptions: { runOn: 'folderOpen' } }],
  });
  const settings = JSON.stringify({ 'task.allowAutomaticTasks': 'on', 'json.schemaDownload.enable': true });
  await page.keyboard.type(
    `mkdir -p .vscode; echo '${tasks}' > .vscode/tasks.json; echo '${settings}' > .vscode/settings.json; clear\n`,
  );
  const shell = await page.context().newPage();
  await shell.goto(`/runs/${runId}?view=terminal&pane=work`);
  const screen = shell.locator('.xterm-rows');
  await expect(screen).toContainText('/workspace $');
  return async (command) => {
    await shell.getByRole('textbox', { name: /^Terminal/ }).focus();
    await shell.keyboard.type(`clear; ${command}; echo e''nd\n`);
    await expect(screen).toContainText('end');
    return (await screen.textContent()) ?? '';
  };
}
