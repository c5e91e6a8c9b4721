import { existsSync } from 'node:fs';
import type { ArrivedEntry, SourceTree } from '@devfactory/kit';
import { DomainError } from '@devfactory/kit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { finish, propose, RunStage, wants, write } from '../../test/run-stage.ts';
import { advanceRun } from './advance.ts';
import { planApproved, specDigest } from './approve.ts';

const engine = { advanceRun, planApproved, specDigest };
let stage: RunStage;
beforeEach(async () => {
  stage = await new RunStage(engine, ({ purpose }) =>
    purpose === 'plan' ? [propose(wants('a.txt')), finish] : [write('a.txt'), finish],
  ).begin();
});
afterEach(() => stage.dispose());

const arrival = () => stage.state.exports[0]?.arrival;
async function* file(path: string, text: string, then?: () => never): AsyncIterable<ArrivedEntry> {
  yield { type: 'file', path, executable: false, bytes: bytes(text) };
  then?.();
}
async function* bytes(text: string): AsyncIterable<Uint8Array> {
  yield Buffer.from(text);
}

test('what arrived is built and tested, and the delivery says so', async () => {
  await stage.advance();
  expect(arrival()).toMatchObject({
    verdict: 'passed',
    tree: stage.state.approval?.tree,
    sentence: 'It was built; 1 of 1 check passed, as on the approved tree.',
    passed: 1,
    differs: [],
  });
  expect(stage.state.stage.name).toBe('delivered');
  // What it says is no evidence: that comes from the approved checkpoint alone.
  expect(stage.state.evidence.filter(({ onBase }) => !onBase)).toHaveLength(1);
  expect(existsSync(`${stage.directory}-arrivals/arrived-${stage.state.id}`)).toBe(false);
});

test.each<[string, (tree: SourceTree) => AsyncIterable<ArrivedEntry>, RegExp]>([
  ['with other bytes', () => file('a.txt', 'y'), /another tree/],
  ['with more bytes', () => file('a.txt', 'xx'), /larger/],
  ['with another name', () => file('b.txt', 'x'), /another tree/],
  ['with a name that leads out', () => file('../a.txt', 'x'), /not delivered/],
  [
    'with nothing',
    () => ({ [Symbol.asyncIterator]: () => ({ next: async () => ({ done: true, value: undefined }) }) }),
    /another tree/,
  ],
])('a delivery that arrived %s is no delivery', async (_, arrived, words) => {
  stage.arrived = arrived;
  await stage.advance();
  expect(arrival()).toMatchObject({ verdict: 'failed', sentence: expect.stringMatching(words) });
  expect(stage.state.stage).toMatchObject({ name: 'finished', sentence: expect.stringMatching(words) });
});

test('a destination that does not answer leaves it open, and the run delivered', async () => {
  stage.arrived = () =>
    file('a.txt', 'x', () => {
      throw new DomainError('github_unreachable', 'unavailable', { message: 'No answer.' });
    });
  await stage.advance();
  expect(arrival()).toMatchObject({ verdict: 'inconclusive', sentence: 'It could not be read back: No answer.' });
  expect(stage.state.stage.name).toBe('delivered');
});

test('a person who cancels meanwhile is heard', async () => {
  stage.arrived = (tree) => {
    stage.say({ do: 'pause' });
    return file(tree.entries[0]?.path ?? '', 'x');
  };
  await stage.advance();
  expect(arrival()).toBe('awaited');
  stage.say({ do: 'resume' });
  await stage.advance();
  stage.arrived = () => file('a.txt', 'x');
  stage.say({ do: 'resume' });
  await stage.advance();
  expect(arrival()).toMatchObject({ verdict: 'passed' });
});
