import { expect, test } from 'vitest';
import saved from './event-examples.json' with { type: 'json' };
import { foldRun, headTree, notProven, presentTree, type RunEvent, type RunState } from './index.ts';

/** The run of the examples, with what people changed since its last checkpoint. */
function run(edits: readonly { readonly kept: boolean }[]): RunState {
  const state = foldRun(saved as unknown as RunEvent[]);
  if (!state) throw new Error('no state');
  return { ...state, edits: edits as RunState['edits'] };
}

test('what a person changed makes evidence stale before there is a checkpoint of it', () => {
  expect(presentTree(run([{ kept: true }]))).toBe(headTree(run([])));
  expect(presentTree(run([{ kept: true }, { kept: false }]))).toBeNull();
  expect(notProven(run([{ kept: false }]))).toEqual(run([]).requirements.map(({ id }) => id));
});
