import { expect, test } from 'vitest';
import { isCache } from './caches.ts';
import { supervisorProgram } from './program.ts';

test('the program that goes into sandboxes is plain JavaScript that needs nothing but Node', () => {
  const files = supervisorProgram();
  expect(files.map((file) => file.path)).toEqual(
    expect.arrayContaining(['package.json', 'main.js', 'inside/serve.js', 'protocol/frame.js']),
  );
  for (const { path, content } of files.filter((file) => file.path.endsWith('.js'))) {
    for (const [, from = ''] of String(content).matchAll(/^(?:import|export)\b[^;]*?\bfrom ['"]([^'"]+)['"]/gm)) {
      expect({ path, from, fine: /^(node:|\.\.?\/.*\.js$)/.test(from) }).toEqual({ path, from, fine: true });
    }
    expect(path).not.toMatch(/\.test\.|^host\//);
  }
});

test('a folder is a cache only where its marker is', () => {
  const beside = (...names: string[]): Set<string> => new Set(names);
  const empty = (): boolean => false;
  expect(isCache('node_modules', beside('package.json'), empty)).toBe(true);
  expect(isCache('node_modules', beside(), empty)).toBe(false);
  expect(isCache('target', beside('pom.xml'), empty)).toBe(true);
  expect(isCache('target', beside('package.json'), empty)).toBe(false);
  expect(isCache('anything', beside(), (name) => name === 'pyvenv.cfg')).toBe(true);
  expect(isCache('build', beside('build.gradle.kts'), empty)).toBe(true);
  expect(isCache('.git', beside('package.json', 'pom.xml'), empty)).toBe(false);
});
