import { expect, test } from 'vitest';
import { descendants, withEdits } from './grammar.ts';
import { grammarFor } from './grammars.ts';
import { parse } from './parse.ts';
import { type Site, sitesOf } from './sites.ts';

async function sites(path: string, text: string, lines?: readonly number[]): Promise<Site[]> {
  const grammar = grammarFor(path);
  const tree = grammar && (await parse(text, grammar));
  if (!tree) throw new Error(`no tree of ${path}`);
  const all = text.split('\n').map((_, index) => index + 1);
  const found = sitesOf({ root: tree.rootNode, text }, grammar, new Set(lines ?? all));
  tree.delete();
  return found;
}
const changes = async (path: string, text: string, lines?: readonly number[]): Promise<string[]> =>
  (await sites(path, text, lines)).map((site) => `${site.change}: ${site.before} -> ${site.text}`);

const python = `import os
@app.get("/health")
def health(age, names):
    """Says how it is."""
    if age >= 18 and names:
        log.append("seen")
        return {"ok": True, "count": len(names) + 1}
    raise ValueError("too young")
`;

test('Python changes conditions, boundaries, operators, constants, returns, calls and statements', async () => {
  expect(await changes('app.py', python)).toEqual([
    'changed-constant: /health -> something else',
    'negated-condition: age >= 18 and names -> not (age >= 18 and names)',
    'moved-boundary: >= -> >',
    'changed-constant: 18 -> 19',
    'changed-operator: and -> or',
    'removed-call: log.append("seen") -> pass',
    'changed-constant: seen -> something else',
    'replaced-return: {"ok": True, "count": len(names) + 1} -> None',
    'replaced-return: {"ok": True, "count": len(names) + 1} -> not ({"ok": True, "count": len(names) + 1})',
    'changed-constant: ok -> something else',
    'changed-constant: True -> False',
    'changed-constant: count -> something else',
    'removed-call: len(names) -> (names)',
    'changed-operator: + -> -',
    'changed-constant: 1 -> 2',
    'removed-statement: raise ValueError("too young") -> pass',
    'removed-call: ValueError("too young") -> ("too young")',
    'changed-constant: too young -> something else',
  ]);
});
test('only the lines that are asked for are changed', async () => {
  expect(await changes('app.py', python, [5])).toHaveLength(4);
  expect(await changes('app.py', python, [1, 3, 4])).toEqual([]);
});
test('each site names the function that it lies in', async () => {
  const places = (await sites('app.py', python)).map(({ place }) => place);
  expect(new Set(places)).toEqual(new Set([-1, python.indexOf('def health')]));
});

const samples: Readonly<Record<string, string>> = {
  'a.js':
    'import x from "./x.js";\n"use strict";\nconst f = (a) => a.map((b) => b + 1);\nif (f(2) < 3) throw new Error("no");\n',
  'a.ts':
    'export function f(a: number): boolean {\n  if (a > 1 && a !== 5) return true;\n  console.log("a");\n  return a === 0 ? false : a < 9;\n}\n',
  'a.tsx': 'export const App = ({ name }: { name: string }) => <h1>{name.length > 3 ? "long" : "short"}</h1>;\n',
  'a.go':
    'package a\nimport "fmt"\nfunc F(a int) bool {\n\tif a > 1 && a != 5 {\n\t\tfmt.Println("a")\n\t\treturn true\n\t}\n\treturn a < 9\n}\n',
  'a.rs':
    'fn f(a: i32) -> bool {\n    if a > 1 && a != 5 {\n        log("a");\n        return true;\n    }\n    a < 9\n}\n',
  'A.java':
    'class A {\n  boolean f(int a) {\n    if (a > 1 && a != 5) {\n      log("a");\n      return true;\n    }\n    return a < 9;\n  }\n}\n',
  'a.cpp':
    '#include "a.h"\nbool f(int a) {\n  if (a > 1 && a != 5) {\n    log("a");\n    return true;\n  }\n  return a < 9;\n}\n',
  'a.c': 'int f(int a) {\n  if (a > 1) puts("a");\n  return a < 9;\n}\n',
  'a.html': '<!doctype html><html><body><h1 title="hello">Guest book</h1></body></html>\n',
};

test.each(Object.entries(samples))('every mutant of %s is still a program of its language', async (path, text) => {
  const grammar = grammarFor(path);
  const found = await sites(path, text);
  expect(found.length).toBeGreaterThan(1);
  for (const site of found) {
    const tree = grammar && (await parse(withEdits(text, [site]), grammar));
    expect([site, tree?.rootNode.hasError]).toEqual([site, false]);
    tree?.delete();
  }
});
test.each(Object.entries(samples).filter(([path]) => grammarFor(path)?.probes))(
  'the probes of %s leave a program of its language',
  async (path, text) => {
    const grammar = grammarFor(path);
    const tree = grammar && (await parse(text, grammar));
    let places = 0;
    const edits = tree && grammar.probes?.({ root: tree.rootNode, text }, () => (places += 1));
    tree?.delete();
    const probed = withEdits(text, edits ?? []);
    const again = grammar && (await parse(probed, grammar));
    expect([probed, again?.rootNode.hasError]).toEqual([probed, false]);
    expect(places).toBeGreaterThan(1);
    again?.delete();
  },
);
test('names of modules, docstrings and directives are not constants', async () => {
  expect((await changes('a.js', samples['a.js'] ?? '')).filter((line) => /x\.js|use strict/.test(line))).toEqual([]);
});
test('a file of the wildest nesting costs no stack and little time', async () => {
  const text = `x = ${'('.repeat(20_000)}1${')'.repeat(20_000)}\n`;
  const began = performance.now();
  await sites('deep.py', text);
  expect(performance.now() - began).toBeLessThan(8000);
});
test('probes of Python keep the indentation, also where a body shares its line', async () => {
  const text = '\n\nimport os\nx = 1\ndef f(): return x\nclass A:\n\tdef g(self):\n\t\treturn f()\n';
  const grammar = grammarFor('a.py');
  const tree = grammar && (await parse(text, grammar));
  if (!tree || !grammar.probes) throw new Error('no tree');
  let mark = 0;
  const probed = withEdits(
    text,
    grammar.probes({ root: tree.rootNode, text }, () => (mark += 1)),
  );
  tree.delete();
  const said = (number: number): string => `open("/workspace/.devfactory-reach", "a").write("${number}\\n")`;
  expect(probed).toBe(
    `\n\nimport os\n${said(1)}\nx = 1\ndef f(): ${said(2)}; return x\nclass A:\n\tdef g(self):\n\t\t${said(3)}\n\t\treturn f()\n`,
  );
});
test('every node is named once, outermost first', async () => {
  const grammar = grammarFor('a.py');
  const tree = grammar && (await parse('f(1)\n', grammar));
  expect(tree && [...descendants(tree.rootNode)].map(({ type }) => type)).toEqual([
    'module',
    'expression_statement',
    'call',
    'identifier',
    'argument_list',
    'integer',
  ]);
  tree?.delete();
});
