import type { Page } from '@playwright/test';
import type { Factory } from './support/factory.ts';
import { isSamePage, markPage, runPage, scrollUpTo } from './support/screens.ts';
import { fileByFile } from './support/scripts.ts';
import { expect, test } from './support/test.ts';

const promised = ['one', 'two', 'three', 'four'].map((name) => ({
  text: `${name}.txt shall hold its name.`,
  path: `${name}.txt`,
  includes: name,
}));

function startSlowRun(factory: Factory, prompt: string): Promise<string> {
  const agentOptions = fileByFile({ promised, restSeconds: 2 });
  return factory.create({ prompt, agent: 'scripted', agentOptions, autonomy: 'auto' });
}

test('a reload in the middle keeps the view, what is queued and what is typed', async ({
  page,
  factory,
  needsSandbox,
}) => {
  void needsSandbox;
  const run = runPage(page);
  const id = await startSlowRun(factory, 'Four files, with a reload between them.');
  await page.goto(`/runs/${id}`);
  await run.tab('Log').click();
  // The first turn, which plans, takes in what is queued when it ends.
  await expect(run.activity.getByRole('button', { name: 'Step 2', exact: true })).toBeVisible();
  await page.getByText('Queue', { exact: true }).click();
  await run.feedback.fill('When you are done, stop.');
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(run.queued).toContainText('When you are done, stop.');
  await run.feedback.fill('a thought that is not sent yet');
  await page.reload();
  await expect(run.tab('Log')).toHaveAttribute('aria-selected', 'true');
  await expect(run.queued).toContainText('When you are done, stop.');
  await expect(run.feedback).toHaveValue('a thought that is not sent yet');
  await factory.until(id, ({ feedback }) => feedback[0]?.deliveredAt !== null);
  const fate = run.activity.getByText(/^taken in by step \d+$/);
  await scrollUpTo(fate, run.activity);
});

test('a link opens the same requirement, checkpoint, file and diff in another browser', async ({
  page,
  browser,
  factory,
  runs,
  guard,
  storageState,
  needsSandbox,
}) => {
  void needsSandbox;
  const id = await runs.delivered();
  const other = await browser.newContext({ baseURL: factory.url, ...(storageState ? { storageState } : {}) });
  guard.watch(other);
  const second = await other.newPage();
  const places = [
    { search: 'view=evidence&req=R-2', shows: /also over a restart/ },
    { search: 'view=changes&ck=ck-1&base=ck-0&file=app.py', shows: /class GuestBook/ },
    { search: 'view=files&ck=ck-1&file=requirements.txt', shows: /standard library is enough/ },
    { search: 'view=log&find=plan.approved', shows: /plan\.approved/ },
  ];
  for (const { search, shows } of places) {
    const address = `/runs/${id}?${search}`;
    await Promise.all([page.goto(address), second.goto(address)]);
    await expect(workspaceOf(page)).toContainText(shows);
    await expect(workspaceOf(second)).toContainText(shows);
    expect(await workspaceOf(second).innerText()).toBe(await workspaceOf(page).innerText());
  }
  await other.close();
});

test('after a kill -9 of the server the open page says so, and goes on with no gap and no double', async ({
  page,
  factory,
  guard,
  needsSandbox,
}) => {
  void needsSandbox;
  guard.expect(/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_EMPTY_RESPONSE/);
  const run = runPage(page);
  const id = await startSlowRun(factory, 'Four files, with a power cut between them.');
  await page.goto(`/runs/${id}?view=log`);
  await markPage(page);
  await expect(run.activity.getByRole('button', { name: 'Step 3', exact: true })).toBeVisible();
  await factory.kill();
  await expect(page.getByText('Reconnecting… the run goes on; nothing is lost.')).toBeVisible();
  await factory.startAgain();
  await expect(page.getByText('Reconnecting… the run goes on; nothing is lost.')).toBeHidden();
  await expect(run.requirements.getByText('Proven', { exact: true })).toHaveCount(4, { timeout: 60_000 });
  await factory.until(id, ({ stage }) => stage.name === 'delivered' || stage.name === 'finished');

  const { seq } = await factory.client.runs.get(id);
  await expect(page.getByText(`${seq} events`)).toBeVisible();
  const { events } = await factory.client.runs.log(id, { after: 0, limit: 500 });
  expect(events.map((event) => event.seq)).toEqual(Array.from({ length: seq }, (_, index) => index + 1));
  expect(await isSamePage(page), 'by itself, without a reload').toBe(true);
});

function workspaceOf(page: Page) {
  return page.getByRole('tabpanel');
}
