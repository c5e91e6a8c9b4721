import { lstat, open, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { failure } from './errors.ts';

interface Range {
  readonly first: number;
  readonly count: number;
}

/** User ids that no distribution, directory service or container tool hands out, and a fallback for small user namespaces. */
const ranges: readonly Range[] = [
  { first: 1_900_000_000, count: 200_000_000 },
  { first: 40_000, count: 20_000 },
];

let latest: Promise<unknown> = Promise.resolve();

/**
 * A user id for a new workspace. Ids are counted up and the counter is durable, so one comes again only after all others, and
 * never while files of it exist. One process at a time owns the folder; its own calls are taken one after the other.
 */
export function allocateUser(root: string): Promise<number> {
  const next = latest.then(() => allocateNext(root));
  latest = next.catch(() => undefined);
  return next;
}

async function allocateNext(root: string): Promise<number> {
  const range = await usableRange();
  const counter = join(root, '.next-user');
  const taken = await owners(root);
  let next = await readCounter(counter, range);
  for (let tries = 0; taken.has(next) && tries < range.count; tries++) next = after(next, range);
  await writeCounter(counter, after(next, range));
  return next;
}

const after = (uid: number, range: Range): number => (uid + 1 < range.first + range.count ? uid + 1 : range.first);

async function owners(root: string): Promise<ReadonlySet<number>> {
  const found = await Promise.all(
    (await readdir(root)).map((name) =>
      lstat(join(root, name, 'files')).then(
        ({ uid }) => [uid],
        () => [],
      ),
    ),
  );
  return new Set(found.flat());
}

async function readCounter(path: string, range: Range): Promise<number> {
  const value = Number(await readFile(path, 'utf8').catch(() => ''));
  return value >= range.first && value < range.first + range.count ? value : range.first;
}

async function writeCounter(path: string, value: number): Promise<void> {
  const draft = `${path}.draft`;
  const file = await open(draft, 'w', 0o600);
  await file.writeFile(String(value));
  await file.sync();
  await file.close();
  await rename(draft, path);
}

/** In a container only some ids may exist at all. */
async function usableRange(): Promise<Range> {
  const map = (await readFile('/proc/self/uid_map', 'utf8')).trim().split('\n');
  const mapped = map.map((line) => line.trim().split(/\s+/).map(Number));
  const range = ranges.find(({ first, count }) =>
    mapped.some(([start = 0, , length = 0]) => start <= first && start + length >= first + count),
  );
  if (!range) {
    throw failure(
      'workspace_unavailable',
      'This container has too few user ids for sandboxes. Run the factory as a plain user, or give the container 65536 ids.',
    );
  }
  return range;
}
