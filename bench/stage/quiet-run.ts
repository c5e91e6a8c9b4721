import type { CreateRunInput, RunEvent } from '@devfactory/contracts';
import type { Factory } from './factory.ts';
import { eventually } from './timing.ts';

const patienceMs = 60_000;

/** A run whose plan needs no command: it soon waits for a person, and does nothing more by itself. */
export const planOnly: CreateRunInput = {
  prompt: 'A file that says hello',
  agent: 'scripted',
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
                  text: 'There is a hello.txt that says hello',
                  checks: [
                    { title: 'hello.txt says hello', spec: { kind: 'file', path: 'hello.txt', includes: ['hello'] } },
                  ],
                },
              ],
            },
          },
          { tool: 'finish', input: {} },
        ],
      },
    ],
    work: [{ calls: [{ tool: 'finish', input: {} }] }],
  },
};

/** Calls `see` with each event of the run, from the first one on, until it returns true. */
export async function watch(factory: Factory, runId: string, see: (event: RunEvent) => boolean): Promise<void> {
  const signal = AbortSignal.timeout(patienceMs);
  for await (const event of factory.client.followRun({ runId, signal })) if (see(event)) return;
  throw new Error(`run ${runId} did not get there within ${patienceMs / 1000} s`);
}

/** A run that a person stopped, and that no worker holds any more: its log only grows by what the bench does. */
export async function quietRun(factory: Factory, by: 'pause' | 'cancel'): Promise<string> {
  const { id } = await factory.client.runs.create(planOnly);
  await watch(factory, id, (event) => event.type === 'wait.began');
  await factory.client.runs.command(id, { do: by });
  await factory.sql((sql) =>
    eventually(`run ${id} at rest`, patienceMs, async () => {
      const { rows } = await sql.query('select 1 from runs where id = $1 and not needs_work and lease_owner is null', [
        id,
      ]);
      return rows.length > 0 ? true : null;
    }),
  );
  return id;
}
