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
