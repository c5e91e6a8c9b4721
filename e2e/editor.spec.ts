import type { CreateRunInput } from '@devfactory/contracts';
import { faultsOf, outOfSight } from './support/accessibility.ts';
import { runPage } from './support/screens.ts';
import { expect, test } from './support/test.ts';

const finish = { tool: 'finish', input: {} };
const request: CreateRunInput = {
  prompt: 'One file.',
  agent: 'scripted',
  autonomy: 'auto',
  agentOptions: {
    plan: [
      {
        calls: [
          {
            tool: 'propose_requirements',
            input: {
              summary: 'One file.',
              requirements: [
                {
                  text: 'app.py greets.',
                  checks: [{ title: 'it does', spec: { kind: 'file', path: 'app.py', includes: ['no such words'] } }],
                },
              ],
            },
          },
          finish,
        ],
      },
    ],
    work: [
      {
        calls: [
          { tool: 'write', input: { path: 'src/app.py', content: 'def greet():\n    return "hello"\n' } },
          finish,
        ],
      },
      { text: 'I saw it.', calls: [{ tool: 'read', input: { path: 'src/app.py' } }, finish] },
    ],
    repair: [],
  },
};

test('a person edits a file alone, it is saved and verified, and the agent picks it up', async ({
  page,
  factory,
  guard,
  needsSandbox,
}) => {
  void needsSandbox;
  const id = await factory.create(request);
  await factory.until(id, ({ stage }) => stage.name === 'waiting');
  const run = runPage(page);
  // As where something between browser and server lets no WebSocket through.
  await page.route('**/workspace/shared', (route) => route.abort());
  guard.expect(/Failed to load resource/);
  const content = page.getByRole('textbox', { name: 'Editing src/app.py' });
  const saved = page.getByText('Saved', { exact: true });

  await test.step('from the list of files to the cursor, by keyboard', async () => {
    await page.goto(`/runs/${id}?view=files`);
    await page.getByRole('button', { name: /^app\.py/ }).press('Enter');
    await page.getByRole('button', { name: 'Edit' }).press('Enter');
    await expect(content).toBeFocused();
    await expect(content).toContainText('return "hello"');
    expect(await faultsOf(page)).toEqual([]);
  });

  await test.step('what is typed is saved, becomes a checkpoint, and is told to the agent', async () => {
    await page.keyboard.press('Control+End');
    await page.keyboard.type('# of a person');
    await expect(page.getByText('Not saved yet')).toBeVisible();
    await page.keyboard.press('Control+s');
    await expect(saved).toBeVisible();
    expect((await factory.client.runs.fileNow(id, 'src/app.py')).text).toContain('# of a person');
    const state = await factory.until(id, (now) => now.edits.length > 0 && now.edits.every((edit) => edit.kept));
    expect(state.checkpoints.at(-1)?.reason).toBe('person');
    await factory.client.runs.command(id, { do: 'feedback', text: 'Go on.', mode: 'steer' });
    await expect(run.activity).toContainText('The person changed src/app.py');
  });

  await test.step('what is not saved survives a reload', async () => {
    await page.route('**/workspace/file?**', (route) =>
      route.request().method() === 'PUT' ? route.abort() : route.continue(),
    );
    await content.press('Control+End');
    await page.keyboard.type('\n# not saved');
    await expect(page.getByText('Not saved', { exact: true })).toBeVisible();
    // Cut until then: a page that goes away saves what it still can.
    await page.reload();
    await expect(page.getByText('What you had typed and was not saved then is here again.')).toBeVisible();
    await expect(content).toContainText('# not saved');
    await expect(page.getByText('Not saved', { exact: true })).toBeVisible();
    await page.unroute('**/workspace/file?**');
    await content.press('Control+s');
    await expect(saved).toBeVisible();
    expect((await factory.client.runs.fileNow(id, 'src/app.py')).text).toContain('# not saved');
  });

  await test.step('two sides are shown when somebody else was faster, and one way out loses nothing unseen', async () => {
    const { digest } = await factory.client.runs.fileNow(id, 'src/app.py');
    await content.press('Control+Home');
    await page.keyboard.type('# mine\n');
    await factory.client.runs.writeFile(id, {
      path: 'src/app.py',
      expected: digest,
      content: new Blob(['# theirs\ndef greet():\n    return "hi"\n']),
    });
    guard.expect(/409/);
    await page.keyboard.press('Control+s');
    await expect(page.getByText('src/app.py was changed by someone else while you typed')).toBeVisible();
    const sides = page.getByRole('group', { name: 'Where the two differ' });
    await expect(sides).toContainText('# mine');
    await expect(sides).toContainText('# theirs');
    expect(await faultsOf(page)).toEqual([]);
    await page.getByRole('button', { name: 'Take theirs' }).click();
    await expect(content).toContainText('return "hi"');
    await expect(content).not.toContainText('# mine');
  });

  await test.step('it is found in, and fits a phone', async () => {
    await content.press('Control+f');
    await page.getByRole('textbox', { name: 'Find' }).pressSequentially('greet');
    await expect(page.locator('.cm-searchMatch')).toHaveCount(1);
    await page.keyboard.press('Escape');
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await outOfSight(page)).toEqual([]);
  });
});

test('two people and the agent type into one file, and see each other', async ({
  page,
  context,
  factory,
  needsSandbox,
}) => {
  void needsSandbox;
  const id = await factory.create(request);
  await factory.until(id, ({ stage }) => stage.name === 'waiting');
  const other = await context.newPage();
  const address = `/runs/${id}?view=files&file=src%2Fapp.py&edit=true`;
  for (const one of [page, other]) {
    await one.goto(address);
    await expect(one.getByRole('textbox', { name: 'Editing src/app.py' })).toContainText('return "hello"');
  }
  const [mine, theirs] = [page, other].map((one) => one.getByRole('textbox', { name: 'Editing src/app.py' }));
  await expect(page.getByText('with 1 other')).toBeVisible();
  expect(await faultsOf(page)).toEqual([]);
  await mine?.press('Control+Home');
  await page.keyboard.type('# of the one\n');
  await theirs?.press('Control+End');
  await other.keyboard.type('# of the other');
  for (const one of [mine, theirs]) {
    await expect(one!).toContainText('# of the one');
    await expect(one!).toContainText('# of the other');
  }
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  const now = await factory.client.runs.fileNow(id, 'src/app.py');
  expect(now.text).toBe('# of the one\ndef greet():\n    return "hello"\n# of the other');
  await factory.client.runs.writeFile(id, {
    path: 'src/app.py',
    expected: now.digest,
    content: new Blob([`${now.text}\n# from outside`]),
  });
  for (const one of [mine, theirs]) await expect(one!).toContainText('# from outside');
  await page.keyboard.press('Control+z');
  await expect(mine!).not.toContainText('# of the one');
  await expect(mine!).toContainText('# of the other');
  await other.close();
  await expect(page.getByText('with 1 other')).toBeHidden();
});

test('what is typed into a shared file while the server is killed comes into the file, once, when it is back', async ({
  page,
  factory,
  guard,
  needsSandbox,
}) => {
  void needsSandbox;
  guard.expect(/WebSocket|ERR_CONNECTION|Failed to (load|fetch)/);
  const id = await factory.create(request);
  await factory.until(id, ({ stage }) => stage.name === 'waiting');
  await page.goto(`/runs/${id}?view=files&file=src%2Fapp.py&edit=true`);
  const content = page.getByRole('textbox', { name: 'Editing src/app.py' });
  await expect(content).toContainText('return "hello"');
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();

  await factory.kill();
  await content.press('Control+Home');
  await page.keyboard.type('# typed into the void\n');
  await factory.startAgain();

  const inFile = async (): Promise<string | null> => (await factory.client.runs.fileNow(id, 'src/app.py')).text;
  await expect.poll(inFile, { timeout: 60_000 }).toContain('# typed into the void');
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  expect(await inFile()).toBe('# typed into the void\ndef greet():\n    return "hello"\n');
  await expect(content).toContainText('# typed into the void');
});

test('files are made, uploaded, and named in clear words where they cannot be opened', async ({
  page,
  factory,
  needsSandbox,
}) => {
  void needsSandbox;
  const id = await factory.create(request);
  await factory.until(id, ({ stage }) => stage.name === 'waiting');
  await page.goto(`/runs/${id}?view=files`);
  await page.getByRole('button', { name: 'New file…' }).click();
  await page.getByRole('textbox', { name: 'Path' }).fill('../out');
  await expect(page.getByText('A relative path, such as src/app.py')).toBeVisible();
  await page.getByRole('textbox', { name: 'Path' }).fill('docs/notes.md');
  await page.getByRole('button', { name: 'Make it' }).click();
  await expect(page.getByRole('textbox', { name: 'Editing docs/notes.md' })).toBeFocused();
  await page.keyboard.type('# Notes');
  await page.keyboard.press('Control+s');
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: '← All files' }).click();
  await page.getByLabel('Files to upload').setInputFiles({
    name: 'logo.bin',
    mimeType: 'application/octet-stream',
    buffer: Buffer.from([0, 1, 2, 255]),
  });
  await expect(page.getByText('1 file uploaded')).toBeVisible();
  await page.goto(`/runs/${id}?view=files&file=logo.bin&edit=true`);
  await expect(page.getByText('This file is not text (UTF-8).')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Download it' })).toBeVisible();
});

test('a person renames a file and removes it, and nothing is overwritten', async ({
  page,
  factory,
  guard,
  needsSandbox,
}) => {
  void needsSandbox;
  // Who has it open asks once more for a file that is gone by then.
  guard.expect(/404 \(Not Found\) .*workspace\/file/);
  const id = await factory.create(request);
  await factory.until(id, ({ stage }) => stage.name === 'waiting');
  await page.goto(`/runs/${id}?view=files&file=src%2Fapp.py&edit=true`);
  const choose = async (path: string, action: string): Promise<void> => {
    await page.getByRole('button', { name: `More for ${path}` }).click();
    await page.getByRole('menuitem', { name: action }).click();
  };
  await expect(page.getByRole('textbox', { name: 'Editing src/app.py' })).toContainText('hello');
  await choose('src/app.py', 'Rename or move…');
  await page.getByRole('textbox', { name: 'New path' }).fill('lib/greet.py');
  expect(await faultsOf(page)).toEqual([]);
  await page.getByRole('button', { name: 'Move it' }).click();
  await expect(page.getByRole('textbox', { name: 'Editing lib/greet.py' })).toContainText('hello');
  await choose('lib/greet.py', 'Remove…');
  await page.getByRole('button', { name: 'Remove it' }).click();
  await expect(page.getByText('Source tree at')).toBeVisible();
  await factory.until(id, ({ edits }) =>
    edits.some(({ path, change }) => path === 'lib/greet.py' && change === 'removed'),
  );
});
