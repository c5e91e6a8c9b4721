import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { client, methods, ndJsonStream, PROTOCOL_VERSION, type SessionUpdate } from '@agentclientprotocol/sdk';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isBuilt, Place } from './command.ts';
import { writeScript } from './script.ts';

const hasSandbox = spawnSync('bwrap', ['--unshare-user', '--ro-bind', '/', '/', 'true']).status === 0;
const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

let place: Place;
beforeEach(async () => {
  place = await Place.make();
});
afterEach(() => place.end());

describe.skipIf(!isBuilt || !hasSandbox)(
  'devfactory acp (needs the built back end and bubblewrap)',
  { timeout: 240_000 },
  () => {
    test('lets an editor drive a run: plan, permissions, calls and what is proven, and the result in its folder', async () => {
      const script = await writeScript(place.folder, { writes: 'hello\n' });
      const project = join(place.folder, 'project');
      await mkdir(project);
      await writeFile(join(project, 'README.md'), '# Mine\n');
      const child = spawn(
        process.execPath,
        ['--conditions=devfactory-source', main, 'acp', '--script', script, '--data-dir', place.dataDir],
        { stdio: ['pipe', 'pipe', 'ignore'] },
      );
      const ended = once(child, 'close');
      const updates: SessionUpdate[] = [];
      const asked: string[] = [];
      let allow = false;
      const connection = client({ name: 'editor' })
        .onRequest(methods.client.session.requestPermission, ({ params }) => {
          asked.push(params.toolCall.title ?? '');
          return { outcome: { outcome: 'selected', optionId: allow ? 'yes' : 'no' } };
        })
        .onNotification(methods.client.session.update, ({ params }) => void updates.push(params.update))
        .connect(
          ndJsonStream(
            Writable.toWeb(child.stdin) as WritableStream<Uint8Array>,
            Readable.toWeb(child.stdout) as ReadableStream<Uint8Array>,
          ),
        );
      const { agent } = connection;
      const hello = await agent.request(methods.agent.initialize, {
        protocolVersion: PROTOCOL_VERSION,
        clientCapabilities: {},
      });
      expect(hello).toMatchObject({ protocolVersion: PROTOCOL_VERSION, agentInfo: { name: 'ai-devfactory' } });
      await expect(
        agent.request(methods.agent.session.new, { cwd: join(place.folder, 'none'), mcpServers: [] }),
      ).rejects.toThrow('no folder on this machine');
      const { sessionId } = await agent.request(methods.agent.session.new, { cwd: project, mcpServers: [] });
      const say = (text: string) =>
        agent.request(methods.agent.session.prompt, { sessionId, prompt: [{ type: 'text', text }] });

      expect(await say('Greet me')).toEqual({ stopReason: 'end_turn' });
      expect(asked).toEqual(['Approve plan 1 and lock its checks']);
      allow = true;
      // Said to a plan that was not approved: it is sent back, proposed again, and approved.
      expect(await say('Propose it once more')).toEqual({ stopReason: 'end_turn' });
      expect(asked.slice(1)).toEqual([
        expect.stringMatching(/^Approve plan \d/) as string,
        'Approve the result: all 1 requirements are proven',
      ]);
      const kinds = new Set(updates.map(({ sessionUpdate }) => sessionUpdate));
      expect([...kinds].toSorted()).toEqual([
        'agent_message_chunk',
        'agent_thought_chunk',
        'plan',
        'tool_call',
        'tool_call_update',
      ]);
      const plans = updates.flatMap((update) => (update.sessionUpdate === 'plan' ? [update.entries] : []));
      // That the agent said "done" moved nothing: only the verifier's evidence did.
      expect(plans.at(-1)).toEqual([
        { content: 'R-1 hello.txt shall greet. (proven)', priority: 'high', status: 'completed' },
      ]);
      expect(plans.at(0)?.[0]?.status).not.toBe('completed');
      expect(await readFile(join(project, 'hello.txt'), 'utf8')).toBe('hello\n');
      expect(await readFile(join(project, 'README.md'), 'utf8')).toBe('# Mine\n');
      child.stdin.end();
      await ended;
      expect(child.exitCode).toBe(0);
    });

    test('writes through no link, and over nothing that somebody changed meanwhile', async () => {
      const script = await writeScript(place.folder, { writes: 'hello\n' });
      const project = join(place.folder, 'project');
      await mkdir(project);
      await writeFile(join(place.folder, 'outside.txt'), 'mine\n');
      const child = spawn(
        process.execPath,
        ['--conditions=devfactory-source', main, 'acp', '--script', script, '--data-dir', place.dataDir],
        { stdio: ['pipe', 'pipe', 'ignore'] },
      );
      const ended = once(child, 'close');
      let words = '';
      const { agent } = client({ name: 'editor' })
        .onRequest(methods.client.session.requestPermission, async ({ params }) => {
          if (params.toolCall.title?.includes('result') === true)
            await symlink('../outside.txt', join(project, 'hello.txt'));
          return { outcome: { outcome: 'selected', optionId: 'yes' } };
        })
        .onNotification(methods.client.session.update, ({ params: { update } }) => {
          if (update.sessionUpdate === 'agent_message_chunk' && update.content.type === 'text')
            words += update.content.text;
        })
        .connect(
          ndJsonStream(
            Writable.toWeb(child.stdin) as WritableStream<Uint8Array>,
            Readable.toWeb(child.stdout) as ReadableStream<Uint8Array>,
          ),
        );
      await agent.request(methods.agent.initialize, { protocolVersion: PROTOCOL_VERSION, clientCapabilities: {} });
      const { sessionId } = await agent.request(methods.agent.session.new, { cwd: project, mcpServers: [] });
      await agent.request(methods.agent.session.prompt, { sessionId, prompt: [{ type: 'text', text: 'Greet me' }] });
      expect(words).toContain('Left as they are: hello.txt: a link is in its way');
      expect(await readFile(join(place.folder, 'outside.txt'), 'utf8')).toBe('mine\n');
      child.stdin.end();
      await ended;
    });
  },
);
