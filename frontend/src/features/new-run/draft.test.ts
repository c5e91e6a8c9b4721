import { CreateRun, type AgentCard } from '@devfactory/contracts';
import { expect, test } from 'vitest';
import { emptyDraft, newRow, obstacles, reviveDraft, toRequest } from './draft.ts';

const blueprint: AgentCard = {
  id: 'blueprint',
  title: 'Blueprint',
  note: '',
  needsModel: false,
  available: true,
  why: '',
};
const model: AgentCard = { id: 'builtin', title: 'Built-in', note: '', needsModel: true, available: true, why: '' };
const material = { agents: [blueprint, model], upload: null, script: null };

test('names everything that is missing, in the order of the form', () => {
  const draft = { ...emptyDraft, agent: 'builtin', source: 'upload' as const, zipName: 'a/b' };
  expect(obstacles(draft, material).map((item) => item.field)).toEqual(['prompt', 'model', 'upload', 'zip-name']);
});

test('takes the built-in agent as soon as there is a model, unless a person chose another', () => {
  const draft = { ...emptyDraft, prompt: 'x' };
  expect(toRequest(draft, material).agent).toBe('blueprint');
  expect(toRequest(draft, { ...material, defaultModel: 'openai/gpt-5' }).agent).toBe('builtin');
  expect(toRequest({ ...draft, model: 'ollama/qwen3' }, material)).toMatchObject({
    agent: 'builtin',
    model: 'ollama/qwen3',
  });
  expect(toRequest({ ...draft, agent: 'blueprint' }, { ...material, defaultModel: 'openai/gpt-5' }).agent).toBe(
    'blueprint',
  );
});

test('says why an agent cannot be used', () => {
  const agents = [{ ...blueprint, available: false, why: 'no sandbox; run devfactory doctor' }];
  expect(obstacles({ ...emptyDraft, prompt: 'x' }, { ...material, agents })[0]?.message).toContain('no sandbox');
});

test('makes a request that the contracts accept', () => {
  const draft = {
    ...emptyDraft,
    prompt: 'A Flask API',
    rows: [newRow('  Tasks can be listed '), newRow(' '), newRow('Fast', 'could')],
    zipName: 'api',
    budget: '3',
  };
  expect(obstacles(draft, material)).toEqual([]);
  expect(CreateRun.parse(toRequest(draft, material))).toMatchObject({
    requirements: [
      { text: 'Tasks can be listed', priority: 'must' },
      { text: 'Fast', priority: 'could' },
    ],
    destinations: [{ kind: 'zip', name: 'api.zip' }],
  });
  // The budget belongs to agents that call a model.
  expect(toRequest(draft, material)).not.toHaveProperty('budgetUsd');
});

test('reads a kept draft back and leaves behind what is none', () => {
  const kept = JSON.parse(JSON.stringify({ ...emptyDraft, prompt: 'p', rows: [newRow('one', 'should')] })) as Record<
    string,
    unknown
  >;
  expect(reviveDraft(kept)).toMatchObject({ prompt: 'p', rows: [{ text: 'one', priority: 'should' }] });
  expect(reviveDraft({ rows: 'no', prompt: 7 })).toMatchObject({ prompt: '', rows: [] });
});

test('starts from a repository, kept over a reload, and wants its https address', () => {
  const draft = { ...emptyDraft, prompt: 'Add paging', source: 'git' as const };
  for (const gitUrl of ['', 'git@example.org:a/b.git', 'http://example.org/a'])
    expect(obstacles({ ...draft, gitUrl }, material).map((item) => item.field)).toEqual(['git-url']);
  const full = { ...draft, gitUrl: ' https://example.org/a/b.git ', gitRef: 'v2' };
  expect(obstacles(full, material)).toEqual([]);
  expect(CreateRun.parse(toRequest(full, material)).source).toEqual({
    kind: 'git',
    url: 'https://example.org/a/b.git',
    ref: 'v2',
  });
  expect(reviveDraft({ ...full })).toMatchObject({ source: 'git', gitUrl: full.gitUrl, gitRef: 'v2' });
});

test('names the second model whoever works, with the budget that its calls count towards', () => {
  const draft = { ...emptyDraft, prompt: 'x', agent: 'blueprint', checksModel: 'openai/gpt-5', budget: '2' };
  expect(CreateRun.parse(toRequest(draft, material))).toMatchObject({ checksModel: 'openai/gpt-5', budgetUsd: 2 });
  expect(obstacles({ ...draft, budget: 'much' }, material).map(({ field }) => field)).toEqual(['budget']);
  expect(toRequest({ ...draft, checksModel: '' }, material)).not.toHaveProperty('checksModel');
  expect(reviveDraft({ ...draft })).toMatchObject({ checksModel: 'openai/gpt-5' });
});
