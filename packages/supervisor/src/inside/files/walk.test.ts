import {
  appendFileSync,
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FileList, type Listing } from '../../host/file-list.ts';
import { Channel } from '../../protocol/channel.ts';
import { Sight } from './sight.ts';

let root: string;
const home = process.cwd();
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'df-walk-'));
});
afterEach(() => {
  process.chdir(home);
  rmSync(root, { recursive: true });
});

interface Told extends Listing {
  readonly walk: number;
  /** Entries that had to be told. */
  readonly told: number;
}

/** The host's side: asks for a walk and puts what it is told into its list. */
class Asker {
  readonly sight = new Sight({ root, mounts: ['mounted'] });
  #list = new FileList();
  #walk: number | null = null;

  async ask(): Promise<Told> {
    const leftOut: string[] = [];
    let told = 0;
    let walk = 0;
    const channel = new Channel({ send: () => undefined, done: () => undefined });
    channel.send = async (value) => {
      const message = value as { is: string; since: number; walk: number } & Told & Parameters<FileList['take']>[0];
      if (message.is === 'walk' && message.since === null) this.#list = new FileList();
      if (message.is === 'done') walk = message.walk;
      if (message.is !== 'entries') return;
      this.#list.take(message);
      leftOut.push(...message.leftOut);
      told += message.entries.length;
    };
    await this.sight.walk(channel, this.#walk);
    this.#walk = walk;
    return { walk, entries: this.#list.entries(), leftOut, told };
  }
}

const names = ['a', 'b', 'c-d', 'c', 'pyvenv.cfg', 'package.json', 'node_modules', 'n\nl', 'ü', 'z z'];

/** Files become folders, folders links, modes and times change, things move and go, caches appear and vanish. */
function editSomething(dice: (sides: number) => number): void {
  const pick = (): Buffer => {
    const depth = 1 + dice(3);
    const path = Array.from({ length: depth }, () => names[dice(names.length)] ?? '').join('/');
    return Buffer.concat([Buffer.from(`${root}/${path}`), dice(20) === 0 ? Buffer.from([0xff]) : Buffer.alloc(0)]);
  };
  const path = pick();
  const clear = (): void => rmSync(path, { recursive: true, force: true });
  const edits = [
    (): void => writeFileSync(path, `text ${dice(1000)}`),
    (): void => appendFileSync(path, 'more'),
    clear,
    (): void => void mkdirSync(path, { recursive: true }),
    (): void => void mkdirSync(path, { recursive: true }),
    (): void => {
      clear();
      symlinkSync('a', path);
    },
    (): void => {
      clear();
      mkdirSync(path);
    },
    (): void => chmodSync(path, [0o600, 0o755, 0o644, 0o700][dice(4)] ?? 0),
    (): void => renameSync(path, pick()),
    (): void => linkSync(path, pick()),
    (): void => utimesSync(path, 1000, 1000),
  ];
  try {
    edits[dice(edits.length)]?.();
  } catch {
    // Not every edit fits what is there; the dice go on.
  }
}

function diceOf(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

test('whatever changes, a walk that tells differences leads to the same list as one that tells everything', async () => {
  const dice = diceOf(7);
  const asker = new Asker();
  for (let round = 0; round < 400; round += 1) {
    for (let edit = dice(12); edit >= 0; edit -= 1) editSomething(dice);
    const { entries, leftOut } = await asker.ask();
    const whole = await new Asker().ask();
    expect({ entries, leftOut }).toEqual({ entries: whole.entries, leftOut: whole.leftOut });
  }
});

test('tells only what differs, and everything to one who does not know the last walk', async () => {
  for (const name of ['a', 'b', 'c']) writeFileSync(join(root, name), name);
  const asker = new Asker();
  expect((await asker.ask()).told).toBe(3);
  expect((await asker.ask()).told).toBe(0);
  writeFileSync(join(root, 'b'), 'other');
  expect((await asker.ask()).told).toBe(1);
  // Somebody else's walk in between: what the host has is not what this side remembers any more.
  await asker.sight.walk(silent(), null);
  expect((await asker.ask()).told).toBe(3);
});

test('gives the same object for what did not change', async () => {
  for (const name of ['a', 'b']) writeFileSync(join(root, name), name);
  const asker = new Asker();
  const before = (await asker.ask()).entries;
  writeFileSync(join(root, 'b'), 'other');
  const after = (await asker.ask()).entries;
  expect(after[0]).toBe(before[0]);
  expect(after[1]).not.toBe(before[1]);
});

test('sees through a time that was set back', async () => {
  writeFileSync(join(root, 'a'), 'one');
  utimesSync(join(root, 'a'), 1000, 1000);
  const asker = new Asker();
  const [before] = (await asker.ask()).entries;
  do {
    writeFileSync(join(root, 'a'), 'two');
    utimesSync(join(root, 'a'), 1000, 1000);
  } while ((await new Asker().ask()).entries[0]?.stamp === before?.stamp);
  expect((await asker.ask()).told).toBe(1);
});

function silent(): Channel {
  const channel = new Channel({ send: () => undefined, done: () => undefined });
  channel.send = async () => undefined;
  return channel;
}
