import { spawnSync } from 'node:child_process';
import type { CheckpointPage, Comparison, LogSearchPage, RestorePreview } from '@devfactory/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Factory, planOnly, problem } from './factory.ts';

const noSandbox = spawnSync('bwrap', ['--version']).status === 0 ? null : 'bubblewrap is not installed';

/** Two steps: hello.txt and docs, then another hello.txt without docs. */
const script = {
  ...planOnly,
  work: [
    {
      calls: [
        {
          tool: 'shell',
          input: {
            command: 'mkdir docs; echo one > docs/one; echo hello > hello.txt; seq 900; echo nee""dle; seq 900',
          },
        },
      ],
    },
    {
      calls: [
        { tool: 'shell', input: { command: 'mv docs/one two; echo hello again > hello.txt' } },
        { tool: 'finish', input: {} },
      ],
    },
  ],
};

describe.skipIf(noSandbox !== null)(`history${noSandbox ? ` (skipped: ${noSandbox})` : ''}`, () => {
  let factory: Factory;
  let id: string;
  beforeAll(async () => {
    factory = await Factory.start();
    id = await factory.create({ prompt: 'Say hello', agent: 'scripted', agentOptions: script });
    await factory.until(id, ({ stage }) => stage.name === 'waiting');
    await factory.command(id, { do: 'approve-plan', version: 1 });
    await factory.until(id, ({ stage }) => stage.name === 'waiting' && stage.for === 'review');
  }, 120_000);
  afterAll(() => factory.end());

  const get = async <T>(path: string): Promise<T> => {
    const answer = await factory.ask(`/api/runs/${id}/${path}`);
    if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
    return answer.json as T;
  };

  test('two checkpoints are compared page by page, without names the base and the head', async () => {
    const whole = await get<Comparison>('compare');
    expect(whole).toMatchObject({ from: 'ck-0', to: 'ck-2', next: null, totals: { added: 2, removed: 0 } });
    const step = await get<Comparison>('compare?from=ck-1&to=ck-2');
    expect(step.changes).toMatchObject([
      { change: 'modified', path: 'hello.txt', additions: 1, deletions: 1 },
      { change: 'renamed', path: 'two', oldPath: 'docs/one' },
    ]);
    expect(await get<Comparison>('compare?from=ck-1&to=ck-2&limit=1&offset=1')).toMatchObject({
      changes: [{ path: 'two' }],
      next: null,
    });
    expect(problem(await factory.ask(`/api/runs/${id}/compare?from=ck-77`))).toMatchObject({ status: 404 });
    expect(problem(await factory.ask(`/api/runs/${id}/compare?limit=0`))).toMatchObject({ status: 422 });
  });

  test('a restore is shown before, done, and undone', async () => {
    const preview = await get<RestorePreview>('checkpoints/ck-1/restore-preview?path=docs');
    expect(preview).toMatchObject({ refusal: null, when: 'now', comparison: { from: 'ck-2', to: 'ck-1' } });
    expect(preview.comparison.changes.map(({ change, path }) => `${change} ${path}`)).toEqual(['added docs/one']);
    expect((await get<RestorePreview>('checkpoints/ck-1/restore-preview')).comparison.changes).toHaveLength(2);

    await factory.command(id, { do: 'restore', checkpointId: 'ck-1', paths: ['docs/one'] });
    const restored = await factory.until(
      id,
      ({ head, restoreRequested }) => head === 'ck-3' && restoreRequested === null,
    );
    expect(restored.lastRestore).toMatchObject({ before: 'ck-2', paths: ['docs/one'] });
    expect(await get<{ text: string }>('checkpoints/ck-3/file?path=docs/one')).toMatchObject({ text: 'one\n' });
    expect((await factory.command(id, { do: 'undo-restore' })).status).toBe(202);
    await factory.until(id, ({ head }) => head === 'ck-2');
    const refused = await factory.command(id, { do: 'restore', checkpointId: 'ck-1', paths: ['../etc'] });
    expect(problem(refused)).toMatchObject({ status: 422, code: 'invalid_request' });
    for (const path of ['../x', '/etc/passwd', 'a//b'])
      expect(
        (await factory.ask(`/api/runs/${id}/checkpoints/ck-1/restore-preview?path=${encodeURIComponent(path)}`)).status,
      ).toBe(422);
  });

  test('a fork begins with the files of a checkpoint and with the requirements as they are worded now', async () => {
    await factory.command(id, { do: 'reword-requirement', id: 'R-1', text: 'hello.txt greets', priority: 'should' });
    const answer = await factory.ask(`/api/runs/${id}/forks`, {
      json: { checkpointId: 'ck-1', prompt: 'Greet better' },
    });
    expect(answer.status).toBe(201);
    const fork = (answer.json as { id: string }).id;
    const state = await factory.until(fork, ({ checkpoints, plan }) => checkpoints.length > 0 && plan.proposed > 0);
    const parent = (await factory.state(id)).checkpoints;
    expect(state).toMatchObject({
      name: 'Greet better',
      agent: 'scripted',
      forkedFrom: { runId: id, name: 'Say hello', checkpoint: parent[1] },
      checkpoints: [{ id: 'ck-0', reason: 'base', tree: parent[1]?.tree }],
    });
    expect(state.requirements[0]).toMatchObject({ text: 'hello.txt greets', priority: 'should', origin: 'person' });
    const listed = (await factory.ask(`/api/runs?forkedFrom=${id}`)).json as { runs: object[] };
    expect(listed.runs).toMatchObject([{ id: fork, forkedFrom: { runId: id, checkpointId: 'ck-1' } }]);

    const bare = await factory.ask(`/api/runs/${id}/forks`, { json: { checkpointId: 'ck-0', requirements: [] } });
    expect((await factory.state((bare.json as { id: string }).id)).requirements).toEqual([]);
    for (const [checkpointId, status] of [
      ['ck-99', 404],
      ['../ck', 422],
    ] as const)
      expect((await factory.ask(`/api/runs/${id}/forks`, { json: { checkpointId } })).status).toBe(status);
  });

  test('the log is searched for words, in outputs too, by kinds and steps, page by page', async () => {
    const search = (query: string): Promise<LogSearchPage> => get(`log/search?${query}`);
    const all = await search('q=HELLO');
    expect(all.next).toBeNull();
    expect(all.matches.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['run.created', 'requirement.added', 'tool.started', 'evidence.recorded']),
    );
    expect(all.matches.every(({ excerpt }) => excerpt.toLowerCase().includes('hello'))).toBe(true);

    const paged: number[] = [];
    for (let after: number | null = 0; after !== null;) {
      const page: LogSearchPage = await search(`q=hello&limit=2&after=${after}`);
      paged.push(...page.matches.map(({ seq }) => seq));
      after = page.next;
    }
    expect(paged).toEqual(all.matches.map(({ seq }) => seq));

    const tools = (await search('q=hello&kinds=tool&fromStep=3&toStep=3')).matches;
    expect(new Set(tools.map(({ type, step }) => `${type} ${step}`))).toEqual(new Set(['tool.started 3']));
    // In the middle of an output, of which the event has head and tail only.
    expect(await search('q=needle&output=no')).toEqual({ matches: [], next: null });
    expect((await search('q=needle')).matches).toMatchObject([{ type: 'tool.ended', where: 'output', step: 2 }]);
    for (const query of ['q=', 'q=x&kinds=Tool', 'q=x&limit=201', 'q=x&fromStep=-1'])
      expect((await factory.ask(`/api/runs/${id}/log/search?${query}`)).status).toBe(422);
  });

  test('checkpoints have names and pins, page by page', async () => {
    await factory.command(id, { do: 'name-checkpoint', checkpointId: 'ck-1', name: ' With docs ' });
    await factory.command(id, { do: 'pin-checkpoint', checkpointId: 'ck-1' });
    const page = await get<CheckpointPage>('checkpoints?limit=2');
    expect(page).toMatchObject({
      checkpoints: [
        { id: 'ck-0', name: null },
        { id: 'ck-1', name: 'With docs', pinned: true },
      ],
      next: 2,
    });
    const again = await factory.command(id, { do: 'pin-checkpoint', checkpointId: 'ck-1' });
    expect(problem(again)).toMatchObject({ status: 409, code: 'pinned' });
    const twoLines = await factory.command(id, { do: 'name-checkpoint', checkpointId: 'ck-1', name: 'a\nb' });
    expect(problem(twoLines)).toMatchObject({ status: 422 });
  });
});
