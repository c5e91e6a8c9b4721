import type { ToldInIde } from '@devfactory/contracts';
import { describe, expect, test } from 'vitest';
import { links, pastProxy } from './links.ts';
import { readTold } from './told.ts';
import { checkpointLines, requirementLines, runLines, summary } from './trees.ts';

const told: ToldInIde = {
  version: 1,
  page: 'http://127.0.0.1:4173/runs/run_aaaaaaaaaaaaaaaa',
  run: { name: 'A health endpoint', stage: 'Waits for your review', tone: 'wait' },
  requirements: [
    {
      id: 'R-1',
      text: 'GET /health answers 200',
      status: 'proven',
      checks: [{ title: 'it does', standing: 'proven' }],
    },
    { id: 'R-2', text: 'and says so', status: 'failing', checks: [{ title: 'it says', standing: 'failing' }] },
  ],
  checkpoints: [{ id: 'ck-2', label: 'Step 2: write app.py', changed: '1 changed, 0 added, 0 removed' }],
};

test('each line shows what was told and leads to its page of the console', () => {
  expect(runLines(told).map(({ label }) => label)).toEqual([
    'A health endpoint',
    'Waits for your review',
    '1 of 2 requirements proven',
    'As the factory told it',
  ]);
  expect(summary(told)).toBe('1/2 proven · Waits for your review');
  const [proven, failing] = requirementLines(told);
  expect([proven?.icon, failing?.icon]).toEqual(['pass-filled', 'error']);
  expect(failing?.link).toBe(`${told.page}?view=evidence&req=R-2`);
  expect(failing?.lines.map(({ label, description }) => [label, description])).toEqual([['it says', 'failing']]);
  expect(checkpointLines(told)[0]?.link).toBe(`${told.page}?view=changes&ck=ck-2&base=step`);
});

test('what a person says stays behind the #, whole, and never becomes a part of the address', () => {
  const words = 'Use /v2?x=1#top & "quotes"\nand more';
  const url = new URL(links.say(told, words));
  expect([url.origin + url.pathname, url.search]).toEqual([told.page, '']);
  expect(decodeURIComponent(url.hash.slice('#say='.length))).toBe(words);
});

test('an address of this machine is the same to a browser, and none that code-server leads to its proxy', () => {
  for (const page of [
    'http://127.0.0.1:7717/runs/x?a=b#say=c',
    'http://localhost:7717/runs/x',
    'https://df.example/runs/x',
  ]) {
    expect(new URL(pastProxy(page)).href).toBe(page);
    expect(pastProxy(page)).not.toMatch(/^https?:\/\/(?:localhost|127\.0\.0\.1):/);
  }
});

describe('what anything in the sandbox may have written', () => {
  test('is taken where it has the shape', () => {
    expect(readTold(JSON.stringify(told))).toEqual(told);
  });

  test.each([
    ['no JSON', '{'],
    ['another version', JSON.stringify({ ...told, version: 2 })],
    ['a program for an address', JSON.stringify({ ...told, page: 'javascript:alert(1)' })],
    ['a command of VS Code for an address', JSON.stringify({ ...told, page: 'command:workbench.action.quit' })],
    ['numbers for words', JSON.stringify({ ...told, run: { ...told.run, stage: 7 } })],
    [
      'a requirement without checks',
      JSON.stringify({ ...told, requirements: [{ id: 'R-1', text: 'x', status: 'y' }] }),
    ],
    ['a check that is null', JSON.stringify({ ...told, requirements: [{ ...told.requirements[0], checks: [null] }] })],
    ['a list for a run', JSON.stringify({ ...told, run: [] })],
    ['a checkpoint that is text', JSON.stringify({ ...told, checkpoints: ['ck-1'] })],
  ])('is nothing where it is %s', (_, text) => {
    expect(readTold(text)).toBeNull();
  });
});
