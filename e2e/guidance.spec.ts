import { faultsOf, outOfSight } from './support/accessibility.ts';
import { example } from './support/scripts.ts';
import { expect, test } from './support/test.ts';
import { zipped } from './support/zip.ts';

const wide = { width: 1440, height: 900 };
const phone = { width: 390, height: 844 };

test('what a repository brings to steer the agent is read, trusted and taken back, with every unseen character named', async ({
  page,
  factory,
  needsSandbox,
}) => {
  void needsSandbox;
  const words = '# House rules\n\nUse tabs.\u200B\u{E0041}\n';
  const { uploadId } = await factory.client.upload(await zipped({ 'AGENTS.md': words }));
  const id = await factory.create({
    prompt: 'A guest book in a house with rules.',
    agent: 'scripted',
    agentOptions: example('guestbook'),
    source: { kind: 'upload', uploadId, label: 'house' },
  });
  await factory.until(id, (state) => state.stage.name === 'waiting');
  await page.goto(`/runs/${id}`);
  const line = page.getByRole('region', { name: 'Guidance' });
  await expect(line).toContainText('the files bring 1 piece of guidance that nobody trusts');
  const dialog = page.getByRole('dialog', { name: 'What the agent follows' });

  for (const size of [wide, phone]) {
    await page.setViewportSize(size);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await line.getByRole('button', { name: 'Read it' }).click();
      await expect(dialog.getByRole('group', { name: 'AGENTS.md' })).toContainText('Use tabs.⟨U+200B⟩⟨U+E0041⟩');
      await expect(dialog).toContainText('2 characters that cannot be seen');
      expect(await faultsOf(page, 'all')).toEqual([]);
      await dialog.getByRole('button', { name: 'Close' }).click();
      expect(await faultsOf(page, 'all')).toEqual([]);
    }
  }
  expect(await outOfSight(page)).toEqual([]);

  await line.getByRole('button', { name: 'Read it' }).click();
  await dialog.getByRole('button', { name: 'Trust AGENTS.md' }).click();
  await expect(dialog.getByRole('button', { name: 'Trust AGENTS.md no longer' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(line).toContainText('AGENTS.md trusted');

  await page.goto('/settings');
  const trusted = page.getByRole('region', { name: 'Trusted files of projects' });
  await expect(trusted).toContainText('AGENTS.md of house');
  await trusted.getByRole('button', { name: 'Trust AGENTS.md no longer' }).click();
  await expect(trusted).toBeHidden();
});

test('instructions for every run are declared, changed and forgotten in the settings', async ({ page }) => {
  await page.goto('/settings');
  const part = page.getByRole('region', { name: 'Guidance', exact: true });
  await part.getByRole('button', { name: 'Declare guidance' }).click();
  await part.getByRole('button', { name: 'Save' }).click();
  await expect(part).toContainText('Say what runs should follow.');
  await part.getByLabel('Name').fill('house-style');
  await part.getByLabel('What runs follow, as in AGENTS.md').fill('Indent with tabs.');
  for (const size of [wide, phone]) {
    await page.setViewportSize(size);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await faultsOf(page, 'all')).toEqual([]);
    }
  }
  await part.getByRole('button', { name: 'Save' }).click();
  await expect(part.getByRole('listitem')).toContainText('house-style');
  await page.reload();
  await part.getByRole('button', { name: 'Change house-style' }).click();
  await expect(part.getByLabel('What runs follow, as in AGENTS.md')).toHaveValue('Indent with tabs.');
  await part.getByRole('button', { name: 'Leave it' }).click();
  await part.getByRole('button', { name: 'Forget house-style' }).click();
  await expect(part).toContainText('Runs follow nothing beside their task.');
});

test('servers of tools that a repository names are read and trusted as a whole, and own ones are declared for all runs', async ({
  page,
  factory,
  guard,
  needsSandbox,
}) => {
  void needsSandbox;
  guard.expect(/422 \(Unprocessable/);
  const named = JSON.stringify({ mcpServers: { files: { command: 'node', args: ['tools.cjs'] } } });
  const { uploadId } = await factory.client.upload(await zipped({ '.mcp.json': named, 'tools.cjs': '' }));
  const id = await factory.create({
    prompt: 'A guest book in a house with tools.',
    agent: 'scripted',
    agentOptions: example('guestbook'),
    source: { kind: 'upload', uploadId, label: 'tooled' },
  });
  await factory.until(id, (state) => state.stage.name === 'waiting');
  await page.goto(`/runs/${id}`);
  const line = page.getByRole('region', { name: 'Guidance' });
  await line.getByRole('button', { name: 'Read it' }).click();
  const piece = page.getByRole('dialog', { name: 'What the agent follows' });
  await expect(piece.getByRole('group', { name: '.mcp.json' })).toContainText('tools.cjs');
  await expect(piece).toContainText('not trusted');
  await piece.getByRole('button', { name: 'Trust .mcp.json', exact: true }).click();
  await expect(piece.getByRole('button', { name: 'Trust .mcp.json no longer' })).toBeVisible();
  const { guidance } = await factory.client.runs.get(id);
  expect(guidance.trusted).toMatchObject([{ path: '.mcp.json', hash: guidance.found[0]?.hash }]);
  await piece.getByRole('button', { name: 'Trust .mcp.json no longer' }).click();
  await expect(piece).toContainText('not trusted');

  await page.goto('/settings');
  const part = page.getByRole('region', { name: 'Guidance', exact: true });
  await part.getByRole('button', { name: 'Declare guidance' }).click();
  await part.getByText('Servers', { exact: true }).click();
  await part.getByLabel('Name').fill('house-tools');
  const text = part.getByLabel('Servers of tools (MCP), as in .mcp.json');
  await text.fill('{"mcpServers": {"far": {"url": "https://tools.example"}}}');
  await part.getByRole('button', { name: 'Save' }).click();
  await expect(part).toContainText('It was not saved');
  await text.fill(named);
  await part.getByRole('button', { name: 'Save' }).click();
  await expect(part.getByRole('listitem')).toContainText('Servers. Every run');
  await part.getByRole('button', { name: 'Forget house-tools' }).click();
  await expect(part).toContainText('Runs follow nothing beside their task.');
});
