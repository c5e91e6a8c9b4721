import { expect, it } from 'vitest';
import { unfit } from './system-packages.mjs';

it('another kind of machine is refused by name', () => {
  expect(unfit({ platform: 'linux', arch: 'x64' })).toBeUndefined();
  expect(unfit({ platform: 'linux', arch: 'arm64' })).toContain('linux on arm64');
  expect(unfit({ platform: 'darwin', arch: 'x64' })).toContain('darwin on x64');
});
