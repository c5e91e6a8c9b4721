import { spawnSync } from 'node:child_process';
import { readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { CleanUp, RemovalPreview, RunStoragePage, StorageUse, TombstonePage } from '@devfactory/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, Factory, planOnly, problem } from './factory.ts';

const noSandbox = spawnSync('bwrap', ['--version']).status === 0 ? null : 'bubblewrap is not installed';
const proven = { ...planOnly, plan: planOnly.plan };
const bulk = {
  ...proven,
  work: [
    {
      calls: [
        { tool: 'shell', input: { command: 'head -c 300000 /dev/urandom > bulk.bin; echo hello > hello.txt' } },
        { tool: 'finish', input: {} },
      ],
    },
  ],
};

describe.skipIf(noSandbox !== null)(`archive and delete${noSandbox ? ` (skipped: ${noSandbox})` : ''}`, () => {
  let factory: Factory;
  beforeAll(async () => {
    factory = await Factory.start();
  });
  afterAll(() => factory.end());

  async function worked(): Promise<string> {
    const id = await factory.create({ prompt: 'Say hello', agent: 'scripted', agentOptions: bulk });
    await factory.until(id, ({ stage }) => stage.name === 'waiting');
    await factory.command(id, { do: 'approve-plan', version: 1 });
    await factory.until(id, ({ stage }) => stage.name === 'waiting' && stage.for === 'review');
    return id;
  }
  const removal = async (id: string, what: 'archive' | 'delete'): Promise<RemovalPreview> => {
    const answer = await factory.ask(`/api/runs/${id}/removal?do=${what}`);
    if (answer.status !== 200) throw new Error(answer.text);
    return answer.json as RemovalPreview;
  };
  const kinds = (items: readonly { readonly what: string }[]): string[] => items.map(({ what }) => what);
  const blobs = async (): Promise<string[]> =>
    (await readdir(join(factory.dataDir, 'blobs'), { recursive: true })).filter((name) => /[0-9a-f]{64}$/.test(name));
  /** As if all of it had been stored long ago. */
  const age = async (): Promise<void> => {
    for (const name of await blobs()) await utimes(join(factory.dataDir, 'blobs', name), 1, 1);
  };
  const cleanUp = async (dryRun: boolean): Promise<CleanUp> =>
    (await factory.ask('/api/storage/clean-up', { json: { dryRun } })).json as CleanUp;

  /** The lease runs on for a moment after the run rests. */
  const remove = (id: string, query = '') =>
    eventually(async () => {
      const answer = await factory.ask(`/api/runs/${id}${query}`, { method: 'DELETE' });
      if (answer.text.includes('run_busy')) throw new Error(answer.text);
      return answer;
    });
  const archive = (id: string, query = '') =>
    eventually(async () => {
      const answer = await factory.ask(`/api/runs/${id}/archive${query}`, { method: 'POST' });
      if (answer.text.includes('run_busy')) throw new Error(answer.text);
      return answer;
    });

  test('a deleted run goes with workspace, blobs and log, as listed before; a fork of it lives on', async () => {
    const id = await worked();
    const fork = (await factory.ask(`/api/runs/${id}/forks`, { json: { checkpointId: 'ck-1' } })).json as {
      id: string;
    };
    await factory.until(fork.id, ({ stage }) => stage.name === 'waiting');
    const preview = await removal(id, 'delete');
    expect(preview.refusal).toBeNull();
    expect(kinds(preview.goes)).toEqual(['workspace', 'checkpoints', 'blobs', 'log']);
    expect(preview.stays).toMatchObject([{ what: 'blobs', runs: [fork.id] }, { what: 'record' }]);
    expect((await factory.ask(`/api/runs/${id}?seq=${preview.seq - 1}`, { method: 'DELETE' })).status).toBe(409);

    expect((await remove(id, `?seq=${preview.seq}`)).status).toBe(200);
    for (const path of ['', '/log', '/compare', '/removal?do=delete', '/checkpoints/ck-0/files'])
      expect(problem(await factory.ask(`/api/runs/${id}${path}`))).toMatchObject({ status: 404, code: 'run_deleted' });
    expect(await factory.sql('select 1 from run_events where run_id = $1', [id])).toEqual([]);
    expect((await readdir(join(factory.dataDir, 'workspaces'))).filter((name) => name.includes(id.slice(4)))).toEqual(
      [],
    );
    // Again is no error, and a fork of it is refused in words.
    expect((await remove(id)).status).toBe(200);
    const late = await factory.ask(`/api/runs/${id}/forks`, { json: { checkpointId: 'ck-1' } });
    expect(problem(late)).toMatchObject({ status: 404, code: 'run_deleted' });
    const stones = (await factory.ask('/api/deleted-runs')).json as TombstonePage;
    expect(stones.runs[0]).toMatchObject({ id, deletedBy: 'owner' });

    // Clean-ups go one after the other: the one that follows a removal by itself is over before anything looks old.
    await cleanUp(false);
    await age();
    const before = await blobs();
    const dry = await cleanUp(true);
    expect(dry.removed.bytes).toBeGreaterThan(0);
    expect(await blobs()).toEqual(before);
    await cleanUp(false);
    expect((await cleanUp(true)).removed.count).toBe(0);
    // All that the fork needs is there.
    const file = await factory.ask(`/api/runs/${fork.id}/checkpoints/ck-0/file?path=hello.txt`);
    expect(file.json).toMatchObject({ text: 'hello\n' });
    await factory.command(fork.id, { do: 'restore', checkpointId: 'ck-0' });
    await factory.until(fork.id, ({ lastRestore }) => lastRestore?.checkpointId === 'ck-0');
  });

  test('an archived run keeps log, proof and pinned checkpoints, and takes no more words', async () => {
    const id = await worked();
    await factory.command(id, { do: 'pin-checkpoint', checkpointId: 'ck-0' });
    const preview = await removal(id, 'archive');
    expect(kinds(preview.goes)).toEqual(['workspace', 'checkpoints', 'blobs']);
    expect(preview.goes[1]).toMatchObject({ count: 1, sentence: 'Checkpoints ck-1.' });
    expect(preview.frees).toBeGreaterThan(300_000);
    expect((await archive(id)).status).toBe(200);
    const state = await factory.state(id);
    expect(state).toMatchObject({ archived: { kept: ['ck-0'] }, evidence: [{}, {}] });
    await age();
    await cleanUp(false);
    const left = (await blobs()).join();
    expect(left).not.toContain(state.checkpoints[1]?.manifest);
    for (const pack of state.checkpoints[1]?.packs ?? []) expect(left).not.toContain(pack);
    expect((await factory.ask(`/api/runs/${id}/checkpoints/ck-0/files`)).status).toBe(200);
    const gone = await factory.ask(`/api/runs/${id}/checkpoints/ck-1/files`);
    expect(problem(gone)).toMatchObject({ status: 404, code: 'checkpoint_dropped' });
    const fork = await factory.ask(`/api/runs/${id}/forks`, { json: { checkpointId: 'ck-1' } });
    expect(problem(fork)).toMatchObject({ code: 'checkpoint_dropped' });
    for (const command of [{ do: 'resume' }, { do: 'feedback', text: 'more' }, { do: 'restore', checkpointId: 'ck-0' }])
      expect(problem(await factory.command(id, command))).toMatchObject({ status: 409, code: 'run_archived' });
    expect(problem(await archive(id))).toMatchObject({ code: 'run_archived' });
    // The evidence's logs are still there to read.
    const output = state.evidence.find((item) => item.output !== null)?.output;
    expect((await factory.ask(`/api/runs/${id}/blobs/${output}`)).status).toBe(200);
    const ids = async (query: string): Promise<string[]> =>
      ((await factory.ask(`/api/runs${query}`)).json as { runs: { id: string }[] }).runs.map((run) => run.id);
    expect(await ids('')).not.toContain(id);
    expect(await ids('?archived=yes')).toEqual([id]);
    expect((await remove(id)).status).toBe(200);
  });

  test('a run that works is neither archived nor deleted', async () => {
    const slow = { ...bulk, work: [{ calls: [{ tool: 'shell', input: { command: 'sleep 60' } }] }] };
    const id = await factory.create({ prompt: 'Slow', agent: 'scripted', agentOptions: slow, autonomy: 'auto' });
    await factory.until(id, ({ steps }) => steps.some((step) => step.calls.some((call) => call.outcome === 'running')));
    expect(problem(await factory.ask(`/api/runs/${id}`, { method: 'DELETE' }))).toMatchObject({ code: 'run_running' });
    expect((await removal(id, 'archive')).refusal).toMatchObject({ code: 'run_running' });
    await factory.command(id, { do: 'cancel' });
    expect((await remove(id)).status).toBe(200);
  });

  test('what is kept is told in all and by run', async () => {
    const id = await worked();
    const use = (await factory.ask('/api/storage')).json as StorageUse;
    expect(use.blobs.bytes).toBeGreaterThan(300_000);
    expect(use).toMatchObject({ quota: { bytes: null, state: 'none' } });
    const page = (await factory.ask('/api/storage/runs?limit=1')).json as RunStoragePage;
    expect(page.runs).toHaveLength(1);
    const all = (await factory.ask('/api/storage/runs')).json as RunStoragePage;
    const mine = all.runs.find((run) => run.id === id);
    expect(mine?.blobs.bytes).toBeGreaterThan(300_000);
    expect(mine?.logBytes).toBeGreaterThan(1000);
    expect(mine?.workspaceBytes).toBeGreaterThan(300_000);
  });

  test('what a kill left of a removal goes with the next clean-up', async () => {
    const id = await worked();
    await eventually(async () => {
      const [held] = await factory.sql<{ lease_owner: string | null }>('select lease_owner from runs where id = $1', [
        id,
      ]);
      if (held?.lease_owner) throw new Error('held');
    });
    const packs = (await factory.state(id)).checkpoints.at(-1)?.packs ?? [];
    // The transaction of a deletion, and nothing after it.
    await factory.sql(
      `with stone as (insert into tombstones (run_id, created_at, deleted_by, events, bytes) values ($1, now(), 'x', 1, 1) returning 1) select 1`,
      [id],
    );
    await factory.sql('delete from run_events where run_id = $1', [id]);
    await factory.sql('delete from runs where id = $1', [id]);
    const folders = async (): Promise<string[]> =>
      (await readdir(join(factory.dataDir, 'workspaces'))).filter((name) => name.includes(id.slice(4)));
    expect(await folders()).not.toEqual([]);
    await age();
    const done = await cleanUp(false);
    expect(done.workspaces).toContain(id);
    expect((await blobs()).join()).not.toContain(packs[0]);
    expect(await folders()).toEqual([]);
  });

  test('events of a run that has no tombstone cannot be deleted', async () => {
    const id = await worked();
    await expect(factory.sql('delete from run_events where run_id = $1', [id])).rejects.toThrow('append-only');
  });

  test('at the quota no run begins, and those that are there go on', async () => {
    const id = await factory.create({ prompt: 'Say hello', agent: 'scripted', agentOptions: bulk });
    await factory.until(id, ({ stage }) => stage.name === 'waiting');
    await factory.restart({ quotaBytes: 1_000_000 });
    const refused = await factory.ask('/api/runs', { json: { prompt: 'x', agent: 'scripted', agentOptions: bulk } });
    expect(problem(refused)).toMatchObject({
      status: 409,
      code: 'quota_reached',
      detail: expect.stringContaining('clean up'),
    });
    await factory.command(id, { do: 'approve-plan', version: 1 });
    await factory.until(id, ({ stage }) => stage.name === 'waiting' && stage.for === 'review');
    expect((await factory.ask('/api/storage')).json).toMatchObject({ quota: { state: 'reached' } });
    expect((await factory.ask('/api/doctor')).json).toContainEqual(
      expect.objectContaining({ name: 'quota', outcome: 'error', found: expect.stringContaining('no new run begins') }),
    );
  });
});
