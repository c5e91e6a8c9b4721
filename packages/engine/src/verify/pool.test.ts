import { expect, test } from 'vitest';
import { pool } from './pool.ts';

test('a pool gives results as they come and keeps to its width', async () => {
  let running = 0;
  let most = 0;
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const work = async (index: number): Promise<number> => {
    most = Math.max(most, (running += 1));
    await gates[index]?.promise;
    running -= 1;
    return index;
  };
  const results = pool([0, 1, 2], 2, work);
  gates[1]?.resolve();
  expect((await results.next()).value).toBe(1);
  gates[2]?.resolve();
  expect((await results.next()).value).toBe(2);
  gates[0]?.resolve();
  expect((await results.next()).value).toBe(0);
  expect((await results.next()).done).toBe(true);
  expect(most).toBe(2);
});
test('a pool ends with the first rejection', async () => {
  const results = pool([1], 2, () => Promise.reject(new Error('no')));
  await expect(results.next()).rejects.toThrow('no');
});
