import { expect, test } from 'vitest';
import { type Candidate, orderFor, placeOf, type Reach } from './candidates.ts';
import type { ChangedFile } from './changed-code.ts';
import { grammarFor } from './grammars.ts';
import { parse } from './parse.ts';
import { sitesOf } from './sites.ts';

async function changed(path: string, text: string): Promise<ChangedFile> {
  const grammar = grammarFor(path);
  const tree = grammar && (await parse(text, grammar));
  if (!tree) throw new Error(`no tree of ${path}`);
  const lines = new Set(text.split('\n').map((_, index) => index + 1));
  const sites = sitesOf({ root: tree.rootNode, text }, grammar, lines);
  tree.delete();
  return { path, mode: 0o644, text, grammar, sites };
}

const routes = `BLUEPRINT = "tasks"
TYPE = "Bearer"
GREETING = "hello"

def create(body):
    return {"id": 1, "title": body["title"]}

def health():
    return {"ok": True}
`;
const check = { id: 'C-5', words: '{"path":"/tasks","authorization":"Bearer x","ok":"ok"}' };
const order = async (reach: Reach, shared: Record<string, number> = {}): Promise<readonly Candidate[]> => {
  const file = await changed('app/routes.py', routes);
  return orderFor(check, [file], { reach, shared: (place) => shared[place] ?? 0, seen: null }).toTry;
};
const [create, health] = ['def create', 'def health'].map((name) => placeOf('app/routes.py', routes.indexOf(name)));
const top = placeOf('app/routes.py', -1);

test('what a check gets to and few others do is changed first, what it gives back before all', async () => {
  const toTry = await order(new Set([create ?? '', health ?? '', top]), { [health ?? '']: 9 });
  expect(toTry[0]).toMatchObject({ place: create, site: { change: 'replaced-return' } });
});
test('constants that a check names take turns with the rest, so that no row of names stands before it', async () => {
  const toTry = await order(new Set([create ?? '', health ?? '', top]));
  const isNamed = ({ site }: Candidate): boolean =>
    site.change === 'changed-constant' && ['tasks', 'Bearer'].includes(site.before);
  expect(toTry.slice(0, 4).map(isNamed)).toEqual([false, true, false, true]);
  expect(new Set(toTry).size).toBe(toTry.length);
});
test('where it cannot be seen what a check gets to, what it names comes first', async () => {
  const [first] = await order(null);
  expect(first?.site.change).toBe('changed-constant');
});
test('what a check does not get to is not tried', async () => {
  const toTry = await order(new Set([health ?? '']));
  expect(new Set(toTry.map(({ place }) => place))).toEqual(new Set([health]));
});
