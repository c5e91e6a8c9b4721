import { CreateRun, type PlanProposal, type ToolCall, type ToolResult } from '@devfactory/contracts';
import { AgentStage, answeredOk, describeAgent, type PlayedTurn } from '@devfactory/kit/testing';
import { describe, expect, it } from 'vitest';
import { createBlueprintAgent } from './blueprint-agent.ts';

const requestOf = (prompt: string, requirements: readonly string[] = []): CreateRun =>
  CreateRun.parse({ prompt, requirements: requirements.map((text) => ({ text })) });
const stageOf = (
  prompt: string,
  requirements: readonly string[] = [],
  answer: (call: ToolCall) => ToolResult = () => answeredOk,
): AgentStage => new AgentStage(createBlueprintAgent(), requestOf(prompt, requirements), answer);
const proposalIn = (turn: PlayedTurn): PlanProposal =>
  turn.calls.find((call) => call.tool === 'propose_requirements')?.input as PlanProposal;
const written = (turn: PlayedTurn): Map<string, string> =>
  new Map(
    turn.calls
      .filter((call) => call.tool === 'write')
      .map((call) => [(call.input as { path: string }).path, (call.input as { content: string }).content]),
  );
const books = 'Build a Flask API with JWT auth for books with title, author and published year.';

describeAgent('blueprint', { create: createBlueprintAgent, request: requestOf(books) });

describe('a planning turn', () => {
  it('derives requirements, each with checks, where the person named none', async () => {
    const { requirements } = proposalIn(await stageOf(books).play({ purpose: 'plan' }));
    expect(requirements.length).toBeGreaterThan(15);
    expect(requirements.filter((item) => item.checks.length === 0 || item.cannot !== undefined)).toEqual([]);
    expect(new Set(requirements.map((item) => item.text)).size).toBe(requirements.length);
  });

  it('gives checks to what it recognises and says what it cannot meet', async () => {
    const { requirements } = proposalIn(
      await stageOf('Flask API for books with title', [
        'GET /health returns 200',
        'Send an e-mail for each new book',
      ]).play({ purpose: 'plan' }),
    );
    expect(requirements.map(({ id, checks, cannot }) => [id, checks.length, cannot === undefined])).toEqual([
      ['R-1', 1, true],
      ['R-2', 0, false],
    ]);
    expect(requirements[1]?.cannot).toContain('"e-mail"');
  });

  it('turns parts of the prompt that it cannot do into requirements of their own', async () => {
    const { requirements } = proposalIn(
      await stageOf('An Express API for books with title. Send me an SMS when one is added, and use GraphQL.').play({
        purpose: 'plan',
      }),
    );
    const cannot = requirements.filter((item) => item.cannot !== undefined);
    expect(cannot.map((item) => item.text)).toEqual([
      'The API shall be built with Express.',
      expect.stringContaining('SMS'),
      expect.stringContaining('GraphQL'),
    ]);
    expect(cannot.flatMap((item) => item.checks)).toEqual([]);
  });

  it('proposes nothing to build for a prompt of another kind', async () => {
    const stage = stageOf('A Rust game with dragons', ['It has dragons']);
    const plan = await stage.play({ purpose: 'plan' });
    expect(plan.text).toMatch(/Flask.*Node/s);
    expect(proposalIn(plan).requirements).toMatchObject([
      { id: 'R-1', checks: [], cannot: expect.stringContaining('no model') as string },
    ]);
    const work = await stage.play({ purpose: 'work' });
    expect(work.calls.map((call) => call.tool)).toEqual(['finish']);
  });

  it('says before the plan is approved what this machine lacks for it', async () => {
    const answer = 'This machine has no Go of version 1.24 or newer.';
    const stage = stageOf('A Go API for books with title', [], ({ tool }) =>
      tool === 'shell' ? { outcome: 'ok', text: `${answer}\n`, exitCode: 0 } : answeredOk,
    );
    const plan = await stage.play({ purpose: 'plan' });
    expect(proposalIn(plan).summary).toContain(answer);
    expect(proposalIn(plan).requirements.length).toBeGreaterThan(5);
    const there = await stageOf('A Go API for books with title').play({ purpose: 'plan' });
    expect(proposalIn(there).summary).not.toContain('This machine');
  });

  it('declines everything where the workspace already has files', async () => {
    const stage = stageOf(books, ['GET /health returns 200']);
    stage.baseCheckpoint(3);
    const plan = await stage.play({ purpose: 'plan' });
    expect(proposalIn(plan).requirements).toMatchObject([
      { id: 'R-1', checks: [], cannot: expect.stringContaining('already has files') as string },
    ]);
    expect(written(await stage.play({ purpose: 'work' })).size).toBe(0);
  });

  it('reads what a person changed when the plan comes back, and brings nothing back that was removed', async () => {
    const stage = stageOf(books);
    await stage.play({ purpose: 'plan' });
    stage.record({ type: 'plan.proposed', actor: { kind: 'factory' }, data: { version: 1, summary: '' } });
    const health = stage.state.requirements.find((item) => item.text.includes('/health'));
    stage.record({
      type: 'requirement.removed',
      actor: { kind: 'person', name: 'test' },
      data: { id: health?.id ?? '' },
    });
    stage.record({
      type: 'requirement.reworded',
      actor: { kind: 'person', name: 'test' },
      data: { id: 'R-2', version: 2, text: 'Books can be sold on the moon', priority: 'must' },
    });
    stage.record({
      type: 'plan.returned',
      actor: { kind: 'person', name: 'test' },
      data: { version: 1, feedback: 'Also add authors with name' },
    });
    const { requirements } = proposalIn(await stage.play({ purpose: 'plan' }));
    expect(requirements.some((item) => item.text.includes('/health'))).toBe(false);
    expect(requirements.find((item) => item.id === 'R-2')?.cannot).toContain('"moon"');
    expect(requirements.filter((item) => item.id === undefined).map((item) => item.text)).toContainEqual(
      expect.stringContaining('/authors'),
    );
    stage.record({ type: 'plan.proposed', actor: { kind: 'factory' }, data: { version: 2, summary: '' } });
    expect(written(await stage.play({ purpose: 'work' })).has('app/resources/authors.py')).toBe(true);
  });
});

describe('what no rule builds', () => {
  const toldOf = async (prompt: string, requirements: readonly string[] = []): Promise<string> =>
    proposalIn(await stageOf(prompt, requirements).play({ purpose: 'plan' }))
      .requirements.map((item) => item.cannot ?? '')
      .join(' ');

  it('says that relations are none of it', async () => {
    expect(await toldOf('Flask API for posts (title). A comment has a text and belongs to a post.')).toContain(
      'no relations between things',
    );
    expect(await toldOf('Flask API for posts (title)', ['Each post has many comments'])).toContain(
      'no relations between things',
    );
  });

  it('says which things and fields are beyond its size', async () => {
    const letters = [...'abcdefghijklmnopqrstuvwxyz'].map((letter) => `mark ${letter}x`).join(', ');
    expect(await toldOf(`Flask API for books with ${letters}`)).toContain('at most 24 fields each; these are left out');
  });

  it('does not take away what locked checks ask for, and says so', async () => {
    const stage = stageOf(books);
    await stage.play({ purpose: 'plan' });
    await stage.play({ purpose: 'work' });
    const work = await stage.play({ purpose: 'work', feedback: ['remove the field author'] });
    expect(work.text).toContain('Not done: "remove the field author"');
    expect(written(work).get('app/resources/books.py')).toContain('Text("author"');
  });
});

describe('a prompt of the largest size', () => {
  const nasty: readonly (readonly [what: string, prompt: string])[] = [
    ['brackets', `Flask API for books (${'('.repeat(60_000)}`],
    ['commas', `Flask API for books with ${'a, '.repeat(30_000)}`],
    [
      'things',
      `Flask API. ${Array.from({ length: 2000 }, (_, index) => `Things${index} have name${index}, size${index}.`).join(' ')}`,
    ],
    ['choices', `Flask API for books with state: one of ${'a, '.repeat(30_000)}`],
    ['blank lines', `Flask API for books with title${' \n'.repeat(45_000)}.`],
  ];

  it.each(nasty)('is read in a bounded time, and what was not read is told: %s', async (_, prompt) => {
    const began = performance.now();
    const stage = stageOf(prompt.slice(0, 99_000));
    const { requirements } = proposalIn(await stage.play({ purpose: 'plan' }));
    await stage.play({ purpose: 'work' });
    expect(performance.now() - began).toBeLessThan(20_000);
    expect(requirements.map((item) => item.cannot ?? '').join(' ')).toContain('reads the first 8000 characters');
  });
});

describe('a working turn', () => {
  it('writes the project in small steps, runs its tests and claims no more than it saw', async () => {
    const stage = stageOf(books, [], (call) =>
      call.tool === 'shell' ? { outcome: 'error', text: '1 failed, 50 passed', exitCode: 1 } : answeredOk,
    );
    await stage.play({ purpose: 'plan' });
    const work = await stage.play({ purpose: 'work' });
    expect(work.steps.map((step) => step.calls.at(-1)?.tool)).toEqual(['write', 'write', 'write', 'shell', 'finish']);
    expect(work.steps.at(-1)?.text).toContain('could not be run to a pass');
  });

  it('gives the same files for the same words', async () => {
    const turns = await Promise.all([0, 1].map(() => stageOf(books).play({ purpose: 'work' })));
    expect(written(turns[0] as PlayedTurn)).toEqual(written(turns[1] as PlayedTurn));
  });

  it('takes feedback in, and proposes what it brings as a new requirement', async () => {
    const stage = stageOf(books);
    await stage.play({ purpose: 'plan' });
    await stage.play({ purpose: 'work' });
    const again = await stage.play({ purpose: 'work', feedback: ['add a field isbn to books'] });
    expect(written(again).get('app/resources/books.py')).toContain('Text("isbn")');
    expect(proposalIn(again).requirements.map((item) => item.text)).toEqual([
      'When a client posts a book with isbn, the API shall store the isbn and answer with it.',
    ]);
  });

  it('says so where feedback means nothing to it', async () => {
    const stage = stageOf(books);
    await stage.play({ purpose: 'plan' });
    const work = await stage.play({ purpose: 'work', feedback: ['Make it feel more playful'] });
    expect(work.text).toContain('No rule of this agent fits "Make it feel more playful"');
  });
});

describe('a repairing turn', () => {
  const differing = (call: ToolCall): ToolResult =>
    call.tool === 'shell' && JSON.stringify(call.input).includes('sha256sum')
      ? {
          outcome: 'error',
          text: 'wsgi.py: FAILED\nsha256sum: WARNING: 1 computed checksum did NOT match',
          exitCode: 1,
        }
      : answeredOk;

  it('puts back what differs', async () => {
    const turn = await stageOf(books, [], differing).play({ purpose: 'repair' });
    expect([...written(turn).keys()]).toEqual(['wsgi.py']);
  });

  it('says that it cannot invent where every file is as it made it', async () => {
    const turn = await stageOf(books).play({ purpose: 'repair' });
    expect(turn.text).toContain('cannot invent a repair');
    expect(written(turn).size).toBe(0);
  });
});
