import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requirementViews, type RunState } from '@devfactory/contracts';
import { expect, test } from 'vitest';
import { ServerProcess } from './server-process.ts';

const finish = { tool: 'finish', input: { summary: 'All done.' } };
const count = (step: number) => ({
  calls: [{ tool: 'shell', input: { command: `echo ${step} >> steps.txt; sleep 0.1` } }],
});
const script = {
  plan: [
    {
      calls: [
        {
          tool: 'propose_requirements',
          input: {
            requirements: [
              {
                text: 'A greeting is kept in hello.txt',
                checks: [{ title: 'hello.txt greets', spec: { kind: 'file', path: 'hello.txt', includes: ['hello'] } }],
              },
              {
                text: 'The greeting can be read by a command',
                checks: [
                  {
                    title: 'cat greets',
                    spec: {
                      kind: 'command',
                      argv: ['/bin/cat', 'hello.txt'],
                      expect: { exitCode: 0, stdoutIncludes: ['hello'] },
                    },
                  },
                ],
              },
            ],
          },
        },
        finish,
      ],
    },
  ],
  work: [
    ...[1, 2, 3, 4, 5, 6].map(count),
    { calls: [{ tool: 'write', input: { path: 'hello.txt', content: 'hello\n' } }, finish] },
  ],
  // A write that was interrupted is not done twice by the factory: the agent does it when the check fails.
  repair: [{ calls: [{ tool: 'write', input: { path: 'hello.txt', content: 'hello\n' } }, finish] }],
};

const rests = (state: RunState): boolean =>
  ['delivered', 'finished', 'failed', 'waiting', 'cancelled'].includes(state.stage.name);

test('a run goes on to its delivery although everything is killed again and again', { timeout: 300_000 }, async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'devfactory-kill-'));
  let server = await ServerProcess.start(dataDir);
  try {
    const { id } = await server.ask<{ id: string }>('/api/runs', {
      prompt: 'Greet',
      agent: 'scripted',
      agentOptions: script,
      autonomy: 'auto',
      destinations: [{ kind: 'zip', name: 'hello' }],
    });
    // Each round lets the run get some events further, then kills at whatever it is doing then.
    let kills = 0;
    for (let round = 0, seq = 2; round < 8; round += 1) {
      const goal = seq + 4 + round;
      const state = await server.until(id, (now) => now.seq >= goal || rests(now));
      if (rests(state)) break;
      seq = state.seq;
      await server.kill({ database: round % 2 === 1 });
      server = await ServerProcess.start(dataDir);
      kills += 1;
    }
    expect(kills).toBeGreaterThanOrEqual(5);
    const state = await server.until(id, rests);
    expect(state.stage).toEqual({ name: 'delivered' });
    expect(requirementViews(state).map((view) => view.status)).toEqual(['proven', 'proven']);
    const events = await server.events(id);
    expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
    const started = events.filter((event) => event.type === 'tool.started').map((event) => event.data.callId);
    expect(new Set(started).size).toBe(started.length);
    expect(events.filter((event) => event.type === 'export.delivered')).toHaveLength(1);
    const file = await server.ask<{ text: string }>(
      `/api/runs/${id}/checkpoints/${state.head ?? ''}/file?path=steps.txt`,
    );
    const lines = file.text.trim().split('\n');
    expect(new Set(lines).size, 'no command ran twice').toBe(lines.length);
  } finally {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
});
