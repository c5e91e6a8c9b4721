import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { liars } from '../liars.ts';
import { blindLies } from './blind.ts';
import { javaLies, rustLies } from './compiled.ts';
import { nodeLies } from './node.ts';
import { pythonLies } from './python.ts';

test('the page for sceptics names every lie of the suite, and none that is not there', async () => {
  const page = await readFile(join(import.meta.dirname, '../../../docs/guides/what-proven-means.md'), 'utf8');
  const [, section = ''] = page.split('## Every lie and its test');
  const cells = [...(section.split('\n## ')[0] ?? '').matchAll(/^\| [^|]+ \| ([^|]+) \|$/gm)].map(([, cell = '']) =>
    cell.trim(),
  );
  const named = cells.filter((cell) => cell !== 'The tests' && !/^-+$/.test(cell)).flatMap((cell) => cell.split('; '));
  const pairs = { ...blindLies, ...pythonLies, ...nodeLies, ...rustLies, ...javaLies };
  expect(named.toSorted()).toEqual([...Object.keys(pairs), ...liars.map(([name]) => name)].toSorted());
});
