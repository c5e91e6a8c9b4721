import { availableParallelism, totalmem } from 'node:os';

/** A sandbox may use this much; more of them at a time would only end each other. */
const memoryEach = 1024 ** 3;

/** Checks that this machine runs at the same time. */
export function atATime(): number {
  return Math.max(1, Math.min(availableParallelism(), Math.floor(totalmem() / memoryEach)));
}

/** Does `work` on each item, at most `width` at a time, and gives the results as they come. The first rejection ends it. */
export async function* pool<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R, void, void> {
  const waiting = [...items];
  const running = new Map<number, Promise<{ readonly key: number; readonly result: R }>>();
  let next = 0;
  while (waiting.length > 0 || running.size > 0) {
    while (running.size < width && waiting.length > 0) {
      const item = waiting.shift() as T;
      const key = next++;
      running.set(
        key,
        work(item).then((result) => ({ key, result })),
      );
    }
    const { key, result } = await Promise.race(running.values());
    running.delete(key);
    yield result;
  }
}
