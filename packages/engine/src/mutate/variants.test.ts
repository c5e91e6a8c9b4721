import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestCheck } from '@devfactory/contracts';
import { afterAll, expect, test } from 'vitest';
import { variantsOf, withVariants } from './variants.ts';

const folder = mkdtempSync(join(tmpdir(), 'df-variants-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const missing = (tool: string): string =>
  spawnSync(tool, ['version']).error ? ` (skipped: no ${tool} on this machine)` : '';
function lay(name: string, files: readonly { readonly path: string; readonly content: string }[]): string {
  const root = join(folder, name);
  for (const { path, content } of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}
const run = (command: string, words: readonly string[], cwd: string): { status: number | null; said: string } => {
  const { status, stdout, stderr } = spawnSync(command, words, { cwd, encoding: 'utf8', timeout: 120_000 });
  return { status, said: `${stdout}${stderr}` };
};
const check = (path: string, content: string, tests: readonly string[]): TestCheck => ({
  kind: 'test',
  toolchain: 'any',
  files: [{ path, content }],
  tests: tests.map((name) => `${path}::${name}`),
});

const goTest = check(
  'price_test.go',
  `package price

import (
	"strings"
	"testing"
)

type kase struct{ want int }

var cases = map[string]kase{"one two": {3}}

func words(name string) []string { return strings.Fields(name) }

func TestTotal(t *testing.T) {
	for name, one := range cases {
		t.Run(name, func(t *testing.T) {
			if got := Total([]int{1, 2}); got != one.want || len(words(name)) != 2 {
				t.Fatalf("%s: %d", name, got)
			}
		})
	}
}
`,
  ['TestTotal/one two'],
);
test.skipIf(missing('go') !== '')(
  `tests in Go have null checks beside them, which compile and pass on wrong code${missing('go')}`,
  async () => {
    const { nulls, twisted } = await variantsOf(goTest);
    expect(twisted).toBeNull();
    expect(nulls.map(({ tests }) => tests.map(({ id }) => id))).toEqual([
      ['devfactory_evaluating_price_test.go::TestTotalDevfactoryevaluating/one two'],
      ['devfactory_importing_price_test.go::TestTotalDevfactoryimporting/one two'],
    ]);
    const root = lay('go', [
      { path: 'go.mod', content: 'module price\n\ngo 1.19\n' },
      { path: 'price.go', content: 'package price\n\nfunc Total([]int) int { return -1 }\n' },
      ...withVariants(goTest, nulls).files,
    ]);
    const { said } = run('go', ['test', '-v', './...'], root);
    expect(said).toContain('--- FAIL: TestTotal (');
    expect(said).toContain('--- PASS: TestTotalDevfactoryevaluating (');
    expect(said).toContain('--- PASS: TestTotalDevfactoryimporting (');
  },
  180_000,
);

const rustTest = check(
  'tests/price.rs',
  `#![allow(dead_code)]
//! About prices.
use shop::total;

#[test]
fn adds() {
    assert_eq!(total(&[1, 2]), 3, "it was {}", total(&[]));
    assert!(total(&[]) == 0 && total(&[]) >= 0);
    assert_ne!(vec![total(&[1])], vec![]);
}

#[test]
#[should_panic]
fn refuses() {
    assert!(total(&[1]) > 1);
}
`,
  ['adds', 'refuses'],
);
test.skipIf(missing('rustc') !== '' && spawnSync('rustc', ['--version']).error !== undefined)(
  `tests in Rust have null checks, which compile and pass on wrong code${spawnSync('rustc', ['--version']).error ? ' (skipped: no rustc on this machine)' : ''}`,
  async () => {
    const { nulls } = await variantsOf(rustTest);
    const root = lay('rust', [
      { path: 'lib.rs', content: 'pub fn total(_: &[i64]) -> i64 {\n    -1\n}\n' },
      ...withVariants(rustTest, nulls).files,
    ]);
    expect(
      run('rustc', ['--edition', '2021', '--crate-type', 'lib', '--crate-name', 'shop', 'lib.rs'], root).status,
    ).toBe(0);
    for (const { files } of nulls)
      for (const { path } of files) {
        const made = run(
          'rustc',
          ['--edition', '2021', '--test', '-L', '.', '--extern', 'shop=libshop.rlib', '-o', 'made', path],
          root,
        );
        expect(made.status === 0 ? '' : made.said).toBe('');
        expect(run('./made', [], root).said).toContain('2 passed; 0 failed');
      }
  },
  180_000,
);

test('tests in Java have null checks, in classes that are called like their files', async () => {
  const path = 'src/test/java/shop/PriceTest.java';
  const content = `package shop;
import static org.junit.jupiter.api.Assertions.*;
import org.junit.jupiter.api.Test;
class PriceTest {
  @Test
  void adds() {
    PriceTest other = new PriceTest();
    assertEquals(3, Price.total(1, 2), "sum");
    Assertions.assertThrows(IllegalArgumentException.class, () -> Price.total(-1));
    assertThat(Price.total(1)).isEqualTo(1).isPositive();
  }
}
`;
  const { nulls } = await variantsOf(check(path, content, ['adds']));
  expect(nulls.map(({ tests }) => tests[0]?.id)).toEqual([
    'src/test/java/shop/DevfactoryevaluatingPriceTest.java::adds',
    'src/test/java/shop/DevfactoryimportingPriceTest.java::adds',
  ]);
  expect(nulls[0]?.files[0]?.content).toContain(`class DevfactoryevaluatingPriceTest {
  @Test
  void adds() {
    DevfactoryevaluatingPriceTest other = new DevfactoryevaluatingPriceTest();
    java.util.Objects.hash(new Object[] { 3, Price.total(1, 2), "sum" });
    java.util.Objects.hash(new Object[] {  });
    java.util.Objects.hash(new Object[] { Price.total(1) });
  }`);
  expect(nulls[1]?.files[0]?.content).toContain('void adds() { }');
});
