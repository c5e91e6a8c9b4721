import { faultsOf, outOfSight } from './support/accessibility.ts';
import { expect, test } from './support/test.ts';

const wide = { width: 1440, height: 900 };
const phone = { width: 390, height: 844 };
/** Greets, begins a session, and nothing more. */
const greets = String.raw`require('readline').createInterface({input:process.stdin}).on('line',(l)=>{const {id,method}=JSON.parse(l);const r=method==='initialize'?{protocolVersion:1,agentInfo:{name:'tiny',version:'1.0'},agentCapabilities:{}}:{sessionId:'s'};console.log(JSON.stringify({jsonrpc:'2.0',id,result:r}))})`;

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
  await expect(card('Claude Code').getByRole('button', { name: 'Try it Claude Code' })).toBeEnabled();
  await expect(card('Claude Code')).toContainText('it speaks Messages');
  await expect(card('Claude Code')).toContainText('not fetched yet');
  await expect(card('Claude Code').getByRole('button', { name: 'Fetch now Claude Code' })).toBeEnabled();
  await expect(gallery.getByRole('listitem')).toHaveCount(9);
});

test('an agent of one’s own is added, tried, changed and removed, at every size and in both themes', async ({
  page,
  needsSandbox,
}) => {
  void needsSandbox;
  await page.goto('/settings');
  const gallery = page.getByRole('region', { name: 'Agents' });
  await gallery.getByRole('button', { name: 'Add an agent of your own' }).click();
  const form = gallery.getByRole('form', { name: 'Add an agent' });
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form).toContainText('Small letters, digits and hyphens');
  await form.getByLabel('Speaks with the model').selectOption('messages');
  await expect(form.getByLabel('Environment')).toHaveValue(/ANTHROPIC_BASE_URL=\{url\}/);
  await form.getByLabel('Id').fill('tiny');
  await form.getByLabel('Name', { exact: true }).fill('Tiny');
  await form.getByLabel('Command').fill(`node\n-e\n${greets}`);
  await form.getByLabel('Environment').fill('ANTHROPIC_API_KEY={token}');
  for (const size of [wide, phone]) {
    await page.setViewportSize(size);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await faultsOf(page, 'all')).toEqual([]);
    }
    expect(await outOfSight(page)).toEqual([]);
  }
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form).toBeHidden();
  const card = gallery.getByRole('listitem', { name: 'Tiny', exact: true });
  await card.getByRole('button', { name: 'Try it Tiny' }).click();
  await expect(card).toContainText('tiny 1.0 speaks version 1 of the Agent Client Protocol and began a session.');
  for (const size of [wide, phone]) {
    await page.setViewportSize(size);
    expect(await faultsOf(page, 'all')).toEqual([]);
    expect(await outOfSight(page)).toEqual([]);
  }
  await card.getByRole('button', { name: 'Change Tiny' }).click();
  await gallery.getByLabel('Name', { exact: true }).fill('Small');
  await gallery.getByRole('button', { name: 'Save' }).click();
  const renamed = gallery.getByRole('listitem', { name: 'Small', exact: true });
  await renamed.getByRole('button', { name: 'Remove Small' }).click();
  await expect(renamed).toBeHidden();
});
