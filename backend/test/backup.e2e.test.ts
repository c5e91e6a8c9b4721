import { createHash, randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BackupLock } from '../src/backup/backup-lock.ts';
import { magic } from '../src/backup/records.ts';
import { restoreFrom } from '../src/index.ts';
import { Database } from '../src/store/database.ts';
import { eventually, Factory, planOnly } from './factory.ts';

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
let factory: Factory;
let folder: string;
let file: string;
let runs: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'devfactory-test-'));
  // As root the database is another user, who has to get through.
  await chmod(folder, 0o711);
  factory = await Factory.start();
  runs = [];
  for (const prompt of ['one', 'two \u0000 odd \ud800']) {
    const id = await factory.create({ prompt, agent: 'scripted', agentOptions: planOnly });
    await factory.command(id, { do: 'pause' });
    runs.push(id);
  }
  await factory.sql(
    `insert into tombstones (run_id, created_at, deleted_by, events, bytes) values ('run_aaaaaaaa22222222', now(), 'somebody', 7, 5000000000)`,
  );
  await factory.sql(`insert into model_figures (ref, figures) values ('own/model', '{"contextTokens":1000}')`);
  await factory.sql(
    `insert into intakes (repository, value, switched_by, since, seen) values ('acme/shop', '{"repository":"acme/shop"}', 'owner', '2026-11-01', '2026-11-02')`,
  );
  await factory.sql(
    `insert into intake_asks (repository, key, ask, run_id, sentence, at, answer) values ('acme/shop', 'comment:1', '{"number":1}', null, 'mallory may not', '2026-11-02', '')`,
  );
  await factory.sql(
    `insert into model_settings (name, value) values ('day-budgets', '{"dayUsd":3,"personDayUsd":null}')`,
  );
  await factory.sql(
    `insert into model_providers (id, fields, sealed) values ('openai', '{"baseUrl":"https://models.example"}', '{"apiKey":"SEALED-KEY"}')`,
  );
  await factory.sql(
    `insert into guidance (kind, name, project, value) values ('instructions', 'house', null, '{"text":"Use tabs."}')`,
  );
  await factory.sql(
    `insert into guidance_trust (project, path, hash, trusted_by) values ('upload:x', 'AGENTS.md', repeat('a', 64), 'somebody')`,
  );
  await factory.ask('/api/agents', { json: { id: 'mine', title: 'Mine', command: ['mine'], wire: 'messages' } });
  file = join(folder, 'all.backup');
  const response = await fetch(`${factory.server.url}/api/backup`, {
    method: 'POST',
    headers: { authorization: `Bearer ${factory.token}` },
  });
  if (!response.headers.get('content-disposition')?.startsWith('attachment'))
    throw new Error(`no backup: ${response.status}`);
  await writeFile(file, Buffer.from(await response.arrayBuffer()));
});
afterAll(async () => {
  await factory.end();
  await rm(folder, { recursive: true, force: true });
});

test('a restored installation has the same runs, events and bodies, and none of the secrets', async () => {
  const dataDir = join(folder, 'restored');
  const receipt = await restoreFrom(file, { dataDir, log: silent });
  expect(receipt.runs).toBe(2);
  const restored = await Factory.start({ dataDir });
  try {
    for (const id of runs) {
      expect(await restored.log(id)).toEqual((await factory.log(id)).slice(0, (await restored.log(id)).length));
      expect((await restored.ask(`/api/runs/${id}/request`)).json).toEqual(
        (await factory.ask(`/api/runs/${id}/request`)).json,
      );
      expect((await restored.state(id)).paused).toBe(true);
    }
    for (const table of ['tombstones', 'model_figures', 'model_settings', 'guidance_trust', 'intake_asks'])
      expect(await restored.sql(`select * from ${table}`)).toEqual(await factory.sql(`select * from ${table}`));
    expect(await restored.sql('select * from intakes')).toEqual([]);
    const agents = 'select id, value from own_agents';
    expect(await restored.sql(agents)).toMatchObject([{ id: 'mine', value: { title: 'Mine' } }]);
    expect(await restored.sql(agents)).toEqual(await factory.sql(agents));
    const settings = 'select kind, name, project, value from guidance';
    expect(await restored.sql(settings)).toEqual(await factory.sql(settings));
    expect(await restored.sql('select fields, sealed from model_providers')).toEqual([
      { fields: { baseUrl: 'https://models.example' }, sealed: {} },
    ]);
    expect(restored.token).not.toBe(factory.token);
    expect(
      (await restored.ask('/api/runs', { as: 'nobody', headers: { authorization: `Bearer ${factory.token}` } })).status,
    ).toBe(401);
  } finally {
    await restored.server.close();
  }
  await expect(restoreFrom(file, { dataDir, log: silent })).rejects.toMatchObject({ code: 'not_empty' });
  await rm(dataDir, { recursive: true });
});

test('no token or password is in a backup', async () => {
  const { gunzipSync } = await import('node:zlib');
  const content = gunzipSync(await readFile(file)).toString('latin1');
  expect(content).not.toContain(factory.token);
  expect(content).not.toContain('SEALED-KEY');
  expect(content).not.toContain((await readFile(join(factory.dataDir, 'postgres-password'), 'utf8')).trim());
});

test('a backup that is cut short, changed or no backup at all restores nothing', async () => {
  const whole = await readFile(file);
  const dataDir = join(folder, 'damaged');
  const cut = join(folder, 'cut.backup');
  await writeFile(cut, whole);
  await truncate(cut, whole.length - 20);
  const changed = join(folder, 'changed.backup');
  const bytes = Buffer.from(whole);
  bytes[Math.floor(bytes.length / 2)] = (bytes[Math.floor(bytes.length / 2)] ?? 0) ^ 1;
  await writeFile(changed, bytes);
  // Long enough that what follows the damage is unpacked while a record is being read.
  const long = join(folder, 'long.backup');
  const { gzipSync } = await import('node:zlib');
  const noise = randomBytes(400_000);
  const head = '{"kind":"blob","digest":"' + createHash('sha256').update(noise).digest('hex') + '","bytes":400000}\n';
  await writeFile(long, gzipSync(Buffer.concat([Buffer.from(magic), Buffer.from(head), noise])).subarray(0, 300_000));
  const other = join(folder, 'other.backup');
  await writeFile(other, 'something else');
  for (const damaged of [cut, changed, long, other]) {
    await expect(restoreFrom(damaged, { dataDir, log: silent })).rejects.toMatchObject({ code: 'backup_damaged' });
  }
  await expect(stat(dataDir), 'nothing is made for a bad backup').rejects.toMatchObject({ code: 'ENOENT' });
  await expect(restoreFrom(join(folder, 'missing'), { dataDir, log: silent })).rejects.toMatchObject({
    code: 'backup_missing',
  });
  // The same folder still takes the good one.
  expect((await restoreFrom(file, { dataDir, log: silent })).runs).toBe(2);
  await rm(dataDir, { recursive: true });
});

test('a backup is not restored under a running server', async () => {
  await expect(restoreFrom(file, { dataDir: factory.dataDir, log: silent })).rejects.toMatchObject({
    code: 'data_dir_busy',
  });
});

test('while any process on the database writes a backup, nothing is cleaned up or deleted', async () => {
  const password = (await readFile(join(factory.dataDir, 'postgres-password'), 'utf8')).trim();
  const host = join(factory.dataDir, 'postgres-socket');
  // What another server on the same database would hold.
  const database = new Database({ host, user: 'devfactory', password, database: 'postgres' }, silent);
  try {
    const release = await new BackupLock(database).hold();
    await factory.command(runs[0] ?? '', { do: 'cancel' });
    const refused = { status: 409, json: expect.objectContaining({ code: 'backup_running' }) };
    expect(await factory.ask('/api/storage/clean-up', { json: { dryRun: false } })).toMatchObject(refused);
    await eventually(async () => {
      expect(await factory.ask(`/api/runs/${runs[0]}`, { method: 'DELETE' })).toMatchObject(refused);
    });
    release();
    await eventually(async () => {
      expect((await factory.ask('/api/storage/clean-up', { json: { dryRun: false } })).status).toBe(200);
    });
  } finally {
    await database.close();
  }
});
