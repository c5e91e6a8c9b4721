import { parseNewEvent, type Actor, type NewEvent } from '@devfactory/contracts';
import type { Client as Sql } from 'pg';

const agent: Actor = { kind: 'agent', id: 'bench' };
const factory: Actor = { kind: 'factory' };
const usage = { inputTokens: 1200, cachedTokens: 900, outputTokens: 200, costUsd: 0.01 };
const excerpt = 'one line of what a command said, as long as lines usually are\n'.repeat(8);

/** What a run of many steps writes: each step answers, makes three calls and ends with a checkpoint, ten events in all. */
export function longLog(count: number): NewEvent[] {
  const events: NewEvent[] = [];
  for (let step = 1; events.length < count; step += 1) events.push(...stepEvents(step));
  return events.slice(0, count).map((event) => parseNewEvent(event));
}

function stepEvents(step: number): NewEvent[] {
  const checkpointId = `ck-${step}`;
  const calls = [1, 2, 3].map((call) => ({
    id: `${step}.${call}:c`,
    tool: 'write',
    title: `write src/file-${call}.ts`,
  }));
  return [
    { type: 'step.started', actor: factory, data: { step, turn: 1 } },
    {
      type: 'step.answered',
      actor: agent,
      data: { step, body: digest(step), text: `Step ${step}: three files, as the plan says.`, calls, usage },
    },
    ...calls.flatMap((call): NewEvent[] => [
      { type: 'tool.started', actor: agent, data: { step, callId: call.id, tool: call.tool, title: call.title } },
      {
        type: 'tool.ended',
        actor: agent,
        data: { step, callId: call.id, outcome: 'ok', exitCode: null, durationMs: 3, excerpt, body: digest(step + 1) },
      },
    ]),
    {
      type: 'checkpoint.made',
      actor: factory,
      data: {
        checkpoint: {
          id: checkpointId,
          label: `Step ${step}`,
          reason: 'step',
          step,
          manifest: digest(step + 2),
          tree: digest(step + 3),
          packs: [digest(step + 4)],
          files: 120,
          bytes: 240_000,
          leftOut: ['node_modules'],
          torn: false,
          changed: { added: 1, modified: 2, removed: 0 },
        },
      },
    },
    { type: 'step.ended', actor: factory, data: { step, durationMs: 900, checkpointId } },
  ];
}

/** Appends in one statement, as another process on the same database would; `seq` is the last one there is. */
export async function appendAll(
  sql: Sql,
  run: { readonly id: string; readonly seq: number },
  events: readonly NewEvent[],
): Promise<void> {
  await sql.query(
    `insert into run_events (run_id, seq, at, type, actor, data, batch)
     select $1, item.seq, now(), item.type, item.actor::json, item.data::json, gen_random_uuid()
     from unnest($2::int[], $3::text[], $4::text[], $5::text[]) as item(seq, type, actor, data)`,
    [
      run.id,
      events.map((_, index) => run.seq + index + 1),
      events.map(({ type }) => type),
      events.map(({ actor }) => JSON.stringify(actor)),
      events.map(({ data }) => JSON.stringify(data)),
    ],
  );
  await sql.query('update runs set seq = $2 where id = $1', [run.id, run.seq + events.length]);
}

function digest(seed: number): string {
  return seed.toString(16).padStart(64, '0');
}
