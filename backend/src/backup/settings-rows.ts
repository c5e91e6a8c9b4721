import { Moment, RunId } from '@devfactory/contracts';
import { z } from 'zod';
import type { Sql } from '../store/database.ts';

const count = z.coerce.number().int().min(0);

/** What an installation knows beside its runs. Keys of models are not in it: what seals them is not in the database either. */
export const SettingsRows = z.strictObject({
  tombstones: z.array(
    z.strictObject({
      runId: RunId,
      createdAt: Moment,
      deletedAt: Moment,
      deletedBy: z.string(),
      events: count,
      bytes: count,
    }),
  ),
  modelProviders: z.array(z.strictObject({ id: z.string(), fields: z.json() })),
  modelFigures: z.array(z.strictObject({ ref: z.string(), figures: z.json() })),
  /** The default model, budgets of a day. */
  modelSettings: z.array(z.strictObject({ name: z.string(), value: z.json() })),
  /** Older backups have none. */
  guidance: z
    .array(z.strictObject({ kind: z.string(), name: z.string(), project: z.string().nullable(), value: z.json() }))
    .default([]),
  guidanceTrust: z
    .array(
      z.strictObject({ project: z.string(), path: z.string(), hash: z.string(), trustedBy: z.string(), at: Moment }),
    )
    .default([]),
  ownAgents: z.array(z.strictObject({ id: z.string(), value: z.json() })).default([]),
  /** What was asked for and taken. Which repositories may ask is not in it: a copy of an installation begins nothing by itself. */
  intakeAsks: z
    .array(
      z.strictObject({
        repository: z.string(),
        key: z.string(),
        ask: z.json(),
        runId: RunId.nullable(),
        sentence: z.string(),
        at: Moment,
        answer: z.string().nullable(),
      }),
    )
    .default([]),
});
export type SettingsRows = z.infer<typeof SettingsRows>;

export async function readSettings(sql: Sql): Promise<SettingsRows> {
  const stones = await sql.query<Record<'created_at' | 'deleted_at', Date> & Record<string, unknown>>(
    'select * from tombstones order by deleted_at, run_id',
  );
  const trust = await sql.query<{ at: Date } & Record<string, unknown>>(
    'select * from guidance_trust order by project, path, hash',
  );
  const asks = await sql.query<{ at: Date } & Record<string, unknown>>(
    'select * from intake_asks order by repository, key',
  );
  return SettingsRows.parse({
    intakeAsks: asks.map(({ repository, key, ask, run_id: runId, sentence, at, answer }) => ({
      repository,
      key,
      ask,
      runId,
      sentence,
      at: at.toISOString(),
      answer,
    })),
    tombstones: stones.map((row) => ({
      runId: row['run_id'],
      createdAt: row.created_at.toISOString(),
      deletedAt: row.deleted_at.toISOString(),
      deletedBy: row['deleted_by'],
      events: row['events'],
      bytes: row['bytes'],
    })),
    modelProviders: await sql.query('select id, fields from model_providers order by id'),
    modelFigures: await sql.query('select ref, figures from model_figures order by ref'),
    modelSettings: await sql.query('select name, value from model_settings order by name'),
    guidance: await sql.query('select kind, name, project, value from guidance order by kind, name'),
    guidanceTrust: trust.map(({ project, path, hash, trusted_by: trustedBy, at }) => ({
      project,
      path,
      hash,
      trustedBy,
      at: at.toISOString(),
    })),
    ownAgents: await sql.query('select id, value from own_agents order by id'),
  });
}

/** Into tables that are empty, or whose rows of the same names were set by an attempt before. */
export async function insertSettings(sql: Sql, rows: SettingsRows): Promise<void> {
  for (const stone of rows.tombstones)
    await sql.query(
      `insert into tombstones (run_id, created_at, deleted_at, deleted_by, events, bytes) values ($1, $2, $3, $4, $5, $6)
       on conflict do nothing`,
      [stone.runId, stone.createdAt, stone.deletedAt, stone.deletedBy, stone.events, stone.bytes],
    );
  for (const { id, fields } of rows.modelProviders)
    await sql.query(
      `insert into model_providers (id, fields, sealed) values ($1, $2, '{}') on conflict (id) do update set fields = $2, sealed = '{}'`,
      [id, JSON.stringify(fields)],
    );
  for (const { ref, figures } of rows.modelFigures)
    await sql.query(
      'insert into model_figures (ref, figures) values ($1, $2) on conflict (ref) do update set figures = $2',
      [ref, JSON.stringify(figures)],
    );
  for (const { name, value } of rows.modelSettings)
    await sql.query(
      'insert into model_settings (name, value) values ($1, $2) on conflict (name) do update set value = $2',
      [name, JSON.stringify(value)],
    );
  for (const { kind, name, project, value } of rows.guidance)
    await sql.query(
      'insert into guidance (kind, name, project, value) values ($1, $2, $3, $4) on conflict (kind, name) do update set project = $3, value = $4',
      [kind, name, project, JSON.stringify(value)],
    );
  for (const { project, path, hash, trustedBy, at } of rows.guidanceTrust)
    await sql.query(
      'insert into guidance_trust (project, path, hash, trusted_by, at) values ($1, $2, $3, $4, $5) on conflict do nothing',
      [project, path, hash, trustedBy, at],
    );
  for (const { id, value } of rows.ownAgents)
    await sql.query('insert into own_agents (id, value) values ($1, $2) on conflict (id) do update set value = $2', [
      id,
      JSON.stringify(value),
    ]);
  for (const { repository, key, ask, runId, sentence, at, answer } of rows.intakeAsks)
    await sql.query(
      `insert into intake_asks (repository, key, ask, run_id, sentence, at, answer) values ($1, $2, $3, $4, $5, $6, $7)
       on conflict do nothing`,
      [repository, key, JSON.stringify(ask), runId, sentence, at, answer],
    );
}
