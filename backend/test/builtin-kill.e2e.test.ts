import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requirementViews, type RunState } from '@devfactory/contracts';
import { ModelServer, type ModelTurn } from '@devfactory/kit/testing';
import { expect, test } from 'vitest';
import { call, finish, isPrefix, planCalls } from './builtin-stage.ts';
import { ServerProcess } from './server-process.ts';

const work: readonly ModelTurn[] = [
  ...[1, 2, 3, 4].map((n): ModelTurn => ({ calls: [call('shell', { command: `echo ${n} >> steps.txt` })] })),
  { calls: [call('write', { path: 'greet.sh', content: 'echo "Hello, $1!"\n' })] },
  { calls: [finish] },
];

interface Doctor {
  readonly name: string;
  readonly outcome: string;
  readonly found: string;
}

test('a server that is killed while it asks a model sends nothing twice but what was under way', async ({ skip }) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'devfactory-model-kill-'));
  const server = await ModelServer.start();
  const environment = {
    OPENAI_COMPATIBLE_BASE_URL: `${server.url}/v1`,
    DEVFACTORY_MODEL: 'openai-compatible/scripted',
  };
  let factory = await ServerProcess.start(dataDir, environment);
  try {
    const sandbox = (await factory.ask<Doctor[]>('/api/doctor')).find((check) => check.name === 'sandbox');
    if (sandbox?.outcome !== 'ok') return skip(`no sandbox here: ${sandbox?.found ?? ''}`);
    // What is said depends on what was asked, so an answer that was lost is given again.
    const answered = new Map<string, number>();
    const killAt = [1, 3, 6];
    const killed: Promise<void>[] = [];
    const answer = (body: string): ModelTurn => {
      if (body.includes('propose_requirements')) return { calls: planCalls };
      const before = (JSON.parse(body) as { messages: { role: string }[] }).messages.filter(
        (item) => item.role === 'assistant',
      );
      return work[before.length] ?? {};
    };
    server.script = ({ body }) => {
      answered.set(body, (answered.get(body) ?? 0) + 1);
      if (killAt.includes(answered.size) && answered.get(body) === 1) {
        killed.push(factory.kill({ database: false }));
        return { ...answer(body), fault: { kind: 'hang', at: 0.5 } };
      }
      return answer(body);
    };
    const { id } = await factory.ask<{ id: string }>('/api/runs', {
      prompt: 'A program that greets',
      autonomy: 'auto',
    });
    let state: RunState | null = null;
    const deadline = performance.now() + 120_000;
    while (!['delivered', 'finished', 'failed'].includes(state?.stage.name ?? '') && performance.now() < deadline) {
      if (killed.length > 0) {
        await Promise.all(killed.splice(0));
        factory = await ServerProcess.start(dataDir, environment);
      }
      state = await factory.state(id).catch(() => state);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(state && requirementViews(state).map((view) => view.status)).toEqual(['proven']);
    const [asked, twice] = [[...answered.values()], [...answered.values()].filter((times) => times > 1)];
    expect(asked).toHaveLength(7);
    expect(twice).toEqual([2, 2, 2]);
    const sent = server.requests.filter(({ body }) => !body.includes('propose_requirements'));
    const grown = sent.slice(1).every((request, at) => {
      const before = sent[at];
      return !before || before.body === request.body || isPrefix(before, request);
    });
    expect(grown).toBe(true);
    const lost = (await factory.events(id)).filter(
      (event) => event.type === 'model.failed' && event.data.code === 'interrupted',
    );
    expect(lost).toHaveLength(3);
  } finally {
    await factory.stop();
    await server.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}, 180_000);
