import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { root } from './machine.mjs';

it('an install that left a native package empty is none, and what was trimmed away is not missed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'devfactory-packages-'));
  try {
    cpSync(join(root, 'bootstrap'), join(folder, 'bootstrap'), { recursive: true });
    const native = { optional: true, os: ['linux'], cpu: [process.arch], integrity: 'sha512-x' };
    const packages = { 'node_modules/native': native, 'node_modules/@typescript/typescript-linux-x64': native };
    mkdirSync(join(folder, 'node_modules/native'), { recursive: true });
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages }));
    writeFileSync(join(folder, 'node_modules/.package-lock.json'), JSON.stringify({ packages }));
    const door = (await import(pathToFileURL(join(folder, 'bootstrap/packages.mjs')).href)) as {
      packagesAreInstalled: (what: { full: boolean }) => boolean;
    };
    expect(door.packagesAreInstalled({ full: false })).toBe(false);
    writeFileSync(join(folder, 'node_modules/native/package.json'), '{}');
    expect(door.packagesAreInstalled({ full: false })).toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
