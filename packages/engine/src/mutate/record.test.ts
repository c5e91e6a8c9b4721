import type { Check, Mutant } from '@devfactory/contracts';
import { expect, it } from 'vitest';
import type { Candidate } from './candidates.ts';
import { judgedMutation } from './record.ts';

const check: Check = {
  id: 'C-1',
  version: 1,
  requirementId: 'R-1',
  title: 'prices',
  kind: 'test',
  place: 'inside',
  intent: 'change',
  spec: 'a'.repeat(64),
  timeoutMs: 60_000,
} as Check;

const outcomes = ['survived', 'survived', 'survived', 'unusable'] as const;

async function reasonWhere(deaf: boolean): Promise<unknown> {
  const mutants = outcomes.map((outcome): Mutant => ({ outcome }) as Mutant);
  const at = { id: 'ck-1', tree: 'b'.repeat(64) };
  const request = { id: 'mutation', base: at, checkpoint: at } as never;
  const blobs = { put: () => Promise.resolve('c'.repeat(64)) } as never;
  const candidates = { toTry: [{ file: { grammar: { probes: null } } } as unknown as Candidate], unreached: [] };
  return judgedMutation(
    { check, request, blobs },
    { judgement: { mutants, cutShort: false }, agrees: [], candidates, deaf, began: performance.now() },
  );
}

it('a test that missed all changes is weak, unless its failures cannot be told from kills', async () => {
  expect(await reasonWhere(false)).toMatchObject({ outcome: 'judged', killed: 0, survived: 3 });
  expect(await reasonWhere(true)).toMatchObject({ outcome: 'inconclusive' });
});
