import { spawnSync } from 'node:child_process';
import { globSync, renameSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createFileBlobStore } from '@devfactory/blobs-file';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BlobIndex } from '../src/storage/blob-index.ts';
import { Database } from '../src/store/database.ts';
import { EventStore } from '../src/store/event-store.ts';
import { eventually, Factory, planOnly } from './factory.ts';

const noSandbox = spawnSync('bwrap', ['--version']).status === 0 ? null : 'bubblewrap is not installed';
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

let factory: Factory;
let database: Database;
let index: BlobIndex;
beforeAll(async () => {
  factory = await Factory.start();
  const password = (await readFile(join(factory.dataDir, 'postgres-password'), 'utf8')).trim();
  const host = join(factory.dataDir, 'postgres-socket');
  database = new Database({ host, user: 'devfactory', password, database: 'postgres' }, silent);
  const blobs = createFileBlobStore({ directory: join(factory.dataDir, 'blobs') });
  index = new BlobIndex({ database, events: new EventStore(database), blobs });
});
afterAll(async () => {
  await database.close();
  await factory.end();
});

test.skipIf(noSandbox !== null)(
  `what a fork needs counts from its first moment, although its origin is deleted at once${noSandbox ? ` (skipped: ${noSandbox})` : ''}`,
  async () => {
    const id = await factory.create({ prompt: 'Say hello', agent: 'scripted', agentOptions: planOnly });
    const { checkpoints } = await factory.until(id, ({ stage }) => stage.name === 'waiting');
    // A clean-up has brought the index up to date; before it asks what is needed, a person forks and deletes.
    await index.refresh();
    const fork = await factory.ask(`/api/runs/${id}/forks`, { json: { checkpointId: 'ck-0' } });
    expect(fork.status).toBe(201);
    await eventually(async () => {
      const { status, text } = await factory.ask(`/api/runs/${id}`, { method: 'DELETE' });
      if (status !== 200) throw new Error(text);
    });
    await factory.sql('delete from blob_uses');
    await factory.sql('update runs set indexed_seq = 0');
    const needed = new Set<string>();
    for await (const { digest } of index.all()) needed.add(digest);
    for (const digest of [checkpoints[0]?.manifest ?? '', ...(checkpoints[0]?.packs ?? [])])
      expect(needed).toContain(digest);
  },
);

test.skipIf(noSandbox !== null)(
  `a checkpoint that cannot be read is read again when it is mended${noSandbox ? ` (skipped: ${noSandbox})` : ''}`,
  async () => {
    const id = await factory.create({ prompt: 'Say hello again', agent: 'scripted', agentOptions: planOnly });
    const { checkpoints } = await factory.until(id, ({ stage }) => stage.name === 'waiting');
    await factory.sql('delete from blob_uses where run_id = $1', [id]);
    await factory.sql('update runs set indexed_seq = 0 where id = $1', [id]);
    const { manifest } = checkpoints[0] ?? { manifest: '' };
    const [path] = globSync(join(factory.dataDir, 'blobs', '**', manifest));
    renameSync(path ?? '', `${path}.away`);
    const indexed = async () =>
      (await factory.sql<{ whole: boolean }>('select indexed_seq >= seq as whole from runs where id = $1', [id]))[0];
    await index.refresh();
    expect(await indexed()).toEqual({ whole: false });
    renameSync(`${path}.away`, path ?? '');
    await index.refresh();
    expect(await indexed()).toEqual({ whole: true });
  },
);
