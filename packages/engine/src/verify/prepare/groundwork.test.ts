import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Toolchain } from '@devfactory/kit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { folderDriver } from '../../../test/run-stage.ts';
import { groundworkMounts } from './groundwork.ts';

let directory: string;
/** What the machine's tools say of themselves, outside of all workspaces. */
let version: string;
beforeEach(() => {
  const top = mkdtempSync(join(tmpdir(), 'devfactory-ground-'));
  directory = join(top, 'workspaces');
  mkdirSync(directory);
  version = join(top, 'version');
  writeFileSync(version, '1.26');
});
afterEach(() => rmSync(join(directory, '..'), { recursive: true, force: true }));

/** Each time it is made it holds something else. */
const made = 'mkdir -p cache && head -c 16 /dev/urandom | od -An -tx1 > cache/made';
const toolchain = (make = made): Toolchain =>
  ({
    id: 'tiny',
    groundwork: {
      madeOf: { argv: ['/bin/cat', version], timeoutMs: 20_000 },
      make: { argv: ['/bin/sh', '-c', make], timeoutMs: 20_000 },
      path: 'cache',
    },
  }) as unknown as Toolchain;
// A driver of its own stands for a process of its own.
const mountsIn = (driver = folderDriver(directory), tool = toolchain()) => groundworkMounts(driver, [tool, tool]);
const found = async (mounts: ReturnType<typeof mountsIn>): Promise<string> => {
  const [mount] = await mounts;
  return readFileSync(join(directory, mount?.workspace ?? '', 'cache/made'), 'utf8');
};

test('it is made once for all who ask, also by the next process', async () => {
  const driver = folderDriver(directory);
  const [one, two] = await Promise.all([mountsIn(driver), mountsIn(driver)]);
  expect(one).toEqual([{ workspace: expect.stringMatching(/^ground-tiny-/), path: 'cache', at: '/mnt/ground/tiny' }]);
  expect(two).toEqual(one);
  const first = await found(mountsIn(driver));
  expect(await found(mountsIn())).toBe(first);
  expect(readdirSync(directory)).toHaveLength(1);
});

test('it is made anew when the machine has another version of the tools', async () => {
  const first = await found(mountsIn());
  writeFileSync(version, '1.27');
  const second = await found(mountsIn());
  expect(second).not.toBe(first);
  expect(await found(mountsIn())).toBe(second);
});

test('what was cut short is not shown to anybody, and made anew', async () => {
  const first = await found(mountsIn());
  const [name = ''] = readdirSync(directory);
  rmSync(join(directory, name, '.devfactory-made-of'));
  expect(await found(mountsIn())).not.toBe(first);
});

test('an installation goes without what could not be made, and it is tried again', async () => {
  const driver = folderDriver(directory);
  const late = `test -e ${version}-ready && ${made}`;
  expect(await mountsIn(driver, toolchain(late))).toEqual([]);
  writeFileSync(`${version}-ready`, '');
  expect(await mountsIn(driver, toolchain(late))).toHaveLength(1);
});

test('a toolchain without it mounts nothing', async () => {
  expect(await groundworkMounts(folderDriver(directory), [{ id: 'plain' } as Toolchain])).toEqual([]);
});
