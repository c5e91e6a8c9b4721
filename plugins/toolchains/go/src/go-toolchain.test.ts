import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toolchainSuite, viewOf } from '@devfactory/kit/testing';
import { afterAll, describe, expect, test } from 'vitest';
import { goToolchain } from './go-toolchain.ts';

const home = mkdtempSync(join(tmpdir(), 'devfactory-go-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const manifest = 'module example.com/shop\n\ngo 1.19\n';
const right =
  'package price\n\nfunc Total(prices []int) int {\n\tsum := 0\n\tfor _, price := range prices {\n\t\tsum += price\n\t}\n\treturn sum\n}\n';
const wrong = 'package price\n\nfunc Total(prices []int) int { return 7 }\n';
const locked = [
  {
    path: 'price/price_test.go',
    content: `package price

import "testing"

func TestTotal(t *testing.T) {
	if got := Total([]int{1, 2}); got != 3 {
		t.Errorf("got %d", got)
	}
	t.Run("of none", func(t *testing.T) {
		if Total(nil) != 0 {
			t.Fatal("not 0")
		}
	})
}
`,
  },
];
const tests = ['price/price_test.go::TestTotal', 'price/price_test.go::TestTotal/of none'];
const outside = {
  path: 'price/outside_test.go',
  content: `package price_test

import (
	"testing"

	"example.com/shop/price"
)

func TestOutside(t *testing.T) {
	if price.Total([]int{4}) != 4 {
		t.Fatal("no")
	}
}
`,
};
const tree = (code: string, more: Record<string, string> = {}) => ({
  'go.mod': manifest,
  'price/price.go': code,
  ...more,
});
const lie = (title: string, code: string, more: Record<string, string> = {}) => ({
  title,
  tree: tree(code, more),
  locked,
  tests,
});
const changed = (title: string, from: string, to: string) => ({
  title,
  tree: tree(right),
  locked: [{ path: 'price/price_test.go', content: (locked[0]?.content ?? '').replace(from, to) }],
  tests,
});
const printed = `--- PASS: TestTotal (0.00s)\\n    --- PASS: TestTotal/of_none (0.00s)\\nPASS\\n`;

toolchainSuite({
  toolchain: goToolchain(),
  recognised: {
    'a module': {
      'go.mod': manifest,
      'go.sum': '',
      'main.go': 'package main\nfunc main() { http.ListenAndServe("", nil) }\n',
    },
    'a workspace of modules': { 'go.work': 'go 1.22\nuse ./a\n', 'a/go.mod': manifest },
    'a tree that says so itself': { 'devfactory.json': '{"toolchain":"go","serve":["./x","${PORT}"],"build":[]}' },
  },
  foreign: {
    'a Node project': { 'package.json': '{}', 'server.mjs': '' },
    'a lone Go file': { 'tools/gen.go': 'package main' },
    'a tree that names another toolchain': { 'devfactory.json': '{"toolchain":"python"}' },
  },
  odd: {
    'a go.mod of nonsense': { 'go.mod': '\u0000\u0001{{{', 'main.go': 'package' },
    'an empty go.mod': { 'go.mod': '', 'main.go': 'package main\nfunc main() { Listen() }' },
    'a devfactory.json that is no JSON': { 'go.mod': manifest, 'devfactory.json': '{' },
  },
  honest: [
    { title: 'a package with subtests', tree: tree(right), locked, tests, found: tests.slice(0, 1) },
    {
      title: 'tests beside and outside of the package, with a TestMain of their own',
      tree: tree(right, { 'price/own_test.go': 'package price\nfunc broken( {\n' }),
      locked: [
        ...locked,
        outside,
        {
          path: 'other/other_test.go',
          content:
            'package other\nimport ("os"; "testing")\nfunc TestMain(m *testing.M) { os.Exit(m.Run()) }\nfunc TestOther(t *testing.T) {}\n',
        },
      ],
      tests: [...tests, 'price/outside_test.go::TestOutside', 'other/other_test.go::TestOther'],
    },
    {
      title: 'tests that only pass in the order in which they stand',
      tree: tree(right),
      locked: [
        {
          path: 'price/order_test.go',
          content:
            'package price\nimport "testing"\nvar seen *int\nfunc TestSecond(t *testing.T) { seen = new(int) }\nfunc TestFirst(_ *testing.T) { *seen = 1 }\n',
        },
      ],
      tests: ['price/order_test.go::TestSecond', 'price/order_test.go::TestFirst'],
    },
    {
      title: 'code that prints like a runner',
      tree: tree(right.replace('sum := 0', 'sum := 0\n\tprint("=== RUN x ")')),
      locked,
      tests,
    },
  ],
  liars: [
    lie('wrong code', wrong),
    lie('code that does not compile', 'package price\n'),
    lie('a TestMain that ends with 0', wrong, {
      'price/main_test.go': 'package price\nimport ("os"; "testing")\nfunc TestMain(m *testing.M) { os.Exit(0) }\n',
    }),
    lie(
      'an init that prints a pass and ends with 0',
      `package price
import ("fmt"; "os")
func init() { fmt.Print("${printed}"); os.Exit(0) }
func Total([]int) int { return 0 }
`,
    ),
    lie(
      'code that knows the word of our TestMain',
      `package price
import ("fmt"; "os"; "regexp")
func init() {
	self, _ := os.ReadFile("/proc/self/exe")
	fmt.Print("${printed}")
	for _, word := range regexp.MustCompile("\\n[0-9a-f]{32}\\n").FindAll(self, -1) { fmt.Print(string(word)) }
	os.Exit(0)
}
func Total([]int) int { return 0 }
`,
    ),
    lie(
      'a test that prints what passes, our TestMain’s word too, and ends with 0',
      `package price
import ("fmt"; "os"; "regexp")
func Total([]int) int {
	self, _ := os.ReadFile("/proc/self/exe")
	fmt.Print("\\n${printed}")
	for _, word := range regexp.MustCompile("\\n[0-9a-f]{32}\\n").FindAll(self, -1) { fmt.Print(string(word)) }
	os.Exit(0)
	return 0
}
`,
    ),
    lie(
      'tests that are left out by a flag',
      `package price
import "flag"
func Total([]int) int { go flag.Set("test.run", "^$"); return 0 }
func init() { flag.Set("test.skip", "."); flag.Set("test.list", "."); flag.Set("test.run", "^$") }
`,
    ),
    lie(
      'a process that ends in the middle',
      'package price\nimport "os"\nfunc Total([]int) int { os.Exit(0); return 0 }\n',
    ),
    lie('a build constraint that hides the code from tests', `//go:build never\n\n${right}`),
    lie(
      'output that imitates signed lines',
      `package price
import "fmt"
func Total([]int) int { fmt.Println("\\n@@devfactory 1 ${'0'.repeat(64)} e30="); return 0 }
`,
    ),
    changed('skipped tests', 't.Run(', 't.Skip("later")\n\tt.Run('),
    changed('a test that is not there', 'TestTotal', 'TestOther'),
    changed('a locked file with a constraint that leaves it out', 'package price', '//go:build never\n\npackage price'),
    {
      title: 'names that are code',
      tree: tree(right),
      locked,
      tests: ['price/price_test.go::TestTotal(t *testing.T) {}; func TestX'],
    },
  ],
  eachTime: [
    'a package with subtests',
    'wrong code',
    'a TestMain that ends with 0',
    'code that knows the word of our TestMain',
  ],
  env: { HOME: home },
  runMs: 300_000,
  cannotRun: spawnSync('go', ['version']).status === 0 ? null : 'Go is not installed; apt-get install golang-go',
});

describe('Go detection', () => {
  const detect = async (files: Record<string, string>) => {
    const project = await goToolchain().detect(viewOf(files));
    if (!project) throw new Error('not recognised');
    return project;
  };
  const serves = 'package main\nfunc main() { http.ListenAndServe(":" + os.Getenv("PORT"), nil) }\n';

  test.each([
    ['the main package of the root', { 'main.go': serves }, './.devfactory/bin/shop'],
    [
      'the command that is called like a server',
      { 'cmd/api/main.go': serves, 'cmd/admin/main.go': 'package main' },
      './.devfactory/bin/api',
    ],
    [
      'the only command',
      { 'cmd/shopd/main.go': 'package main', 'web/web.go': 'package web\nvar _ = http.ListenAndServe' },
      './.devfactory/bin/shopd',
    ],
    ['nothing where nothing listens', { 'main.go': 'package main\nfunc main() {}\n' }, undefined],
    ['nothing where there is no program', { 'web/web.go': 'package web\nvar _ = http.ListenAndServe' }, undefined],
  ])('starts %s', async (_, files, program) => {
    const project = await detect({ 'go.mod': manifest, ...(files as Record<string, string>) });
    expect(project.serve(80)?.argv[0]).toBe(program);
  });
  test('takes the words of devfactory.json before its own', async () => {
    const project = await detect({
      'go.mod': manifest,
      'devfactory.json': '{"toolchain":"go","serve":["./x","${PORT}"],"build":[["make"]]}',
    });
    expect(project.serve(81)).toMatchObject({ argv: ['./x', '81'], env: { PORT: '81', HOST: '127.0.0.1' } });
    expect(project.build.map(({ argv }) => argv)).toEqual([['make']]);
  });
  test('tells a proxy that is out of reach from a module that does not exist', () => {
    const { unreachable } = goToolchain();
    expect(unreachable('dial tcp: lookup proxy.golang.org: no such host')).toBe(true);
    expect(unreachable('reading https://proxy.golang.org/x/@v/v9.info: 404 Not Found')).toBe(false);
  });
  test('reads the least version from go.mod', async () => {
    const { leastVersion } = goToolchain();
    expect(await leastVersion?.(viewOf({ 'go.mod': 'module x\n\ngo 1.22.1\n' }))).toMatchObject({ version: '1.22.1' });
    expect(await leastVersion?.(viewOf({ 'go.mod': 'module x\n' }))).toBeNull();
  });
  test('says so when the machine’s Go is too old', () => {
    const { outdated } = goToolchain();
    expect(outdated?.('go: go.mod requires go >= 1.99 (running go 1.26; GOTOOLCHAIN=local)')).toContain('1.99');
    expect(
      outdated?.("go: errors parsing go.mod:\ngo.mod:3: invalid go version '1.24.0': must match format 1.23"),
    ).toContain('1.24.0');
    expect(outdated?.('go: module x: not found')).toBeNull();
  });
});
