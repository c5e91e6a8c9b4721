import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Files } from './exercise.ts';
import { exercisesIn } from './folder.ts';

const folders: string[] = [];
afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
});

/** A folder with one exercise, `twice`, laid out as a track does. */
async function laid(named: Readonly<Record<'solution' | 'test' | 'example', string>>, texts: Files): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'devfactory-track-'));
  folders.push(folder);
  const files = Object.fromEntries(Object.entries(named).map(([what, path]) => [what, [path]]));
  const all = { ...texts, '.meta/config.json': JSON.stringify({ files }) };
  for (const [path, text] of Object.entries(all)) {
    await mkdir(dirname(join(folder, 'track/twice', path)), { recursive: true });
    await writeFile(join(folder, 'track/twice', path), text);
  }
  return folder;
}

test.each<[string, Parameters<typeof laid>[0], Files, readonly string[], string, RegExp]>([
  [
    'Python',
    { solution: 'twice.py', test: 'twice_test.py', example: '.meta/example.py' },
    {
      'twice.py': 'def twice(n):\n    pass\n',
      'twice_test.py': 'class TwiceTest(unittest.TestCase):\n    def test_one(self):\n        pass\n',
      '.meta/example.py': 'def twice(n):\n    return 2 * n\n',
    },
    ['twice_test.py::TwiceTest::test_one'],
    'twice.py',
    /return None and 2 \* n/,
  ],
  [
    'JavaScript',
    { solution: 'twice.js', test: 'twice.spec.js', example: '.meta/proof.ci.js' },
    {
      'twice.js': '',
      'twice.spec.js':
        "import { describe, expect, test, xtest } from '@jest/globals';\nimport { twice } from './twice';\n\ndescribe('twice', () => {\n  test('of one', () => {});\n\n  xtest('of another\\'s', () => {});\n});\n",
      '.meta/proof.ci.js': 'export const twice = (n) => {\n  return 2 * n;\n};\n',
    },
    ['twice.spec.js::twice > of one', "twice.spec.js::twice > of another's"],
    'twice.js',
    /return void 0 && 2 \* n/,
  ],
  [
    'Go',
    { solution: 'twice.go', test: 'twice_test.go', example: '.meta/example.go' },
    {
      'twice.go': 'package twice\n',
      'go.mod': 'module twice\n',
      'twice_test.go': 'package twice\n\nfunc TestTwice(t *testing.T) {\n}\n\nfunc BenchmarkTwice(b *testing.B) {\n}\n',
      '.meta/example.go': 'package twice\n\nfunc Twice(n int) int {\n\treturn 2 * n\n}\n',
    },
    ['twice_test.go::TestTwice'],
    'twice.go',
    /var nothing int\n\t\treturn nothing/,
  ],
  [
    'Rust',
    { solution: 'src/lib.rs', test: 'tests/twice.rs', example: '.meta/example.rs' },
    {
      'src/lib.rs': 'pub fn twice(n: u32) -> u32 {\n    todo!()\n}\n',
      'tests/twice.rs': '#[test]\nfn one() {}\n\n#[test]\n#[ignore]\nfn another() {}\n',
      '.meta/example.rs': 'pub fn twice(n: u32) -> u32 {\n    2 * n\n}\n',
    },
    ['tests/twice.rs::one', 'tests/twice.rs::another'],
    'src/lib.rs',
    /return Default::default\(\);/,
  ],
  [
    'Java',
    {
      solution: 'src/main/java/Twice.java',
      test: 'src/test/java/TwiceTest.java',
      example: '.meta/src/reference/java/Twice.java',
    },
    {
      'src/main/java/Twice.java': 'class Twice {\n}\n',
      'build.gradle': 'plugins { id "java" }\n',
      'src/test/java/TwiceTest.java':
        'public class TwiceTest {\n    @Test\n    public void one() {\n    }\n\n    @Disabled("later")\n    @Test\n    @DisplayName("another")\n    public void another() {\n    }\n}\n',
      '.meta/src/reference/java/Twice.java':
        'class Twice {\n    public boolean isTwice(int n) {\n        return n % 2 == 0;\n    }\n}\n',
    },
    ['src/test/java/TwiceTest.java::one', 'src/test/java/TwiceTest.java::another'],
    'src/main/java/Twice.java',
    /if \(true\) \{ return false; \}/,
  ],
])('an exercise of a track for %s is read with its tests by name', async (...row) => {
  const [language, named, texts, ids, path, emptied] = row;
  const [exercise, ...more] = await exercisesIn(await laid(named, texts));
  expect(more).toEqual([]);
  expect(exercise).toMatchObject({ language, check: { kind: 'test', tests: ids } });
  expect(exercise?.right[path]).toContain(texts[named.example]?.slice(-20).trim());
  expect(exercise?.wrong['what one starts from']).toEqual({ [path]: texts[path] });
  expect(exercise?.wrong['gives nothing']?.[path]).toMatch(emptied);
  // What a track holds back until one has come further is asked all the same.
  expect(JSON.stringify(exercise?.check)).not.toMatch(/ignore|@Disabled|xtest|jest/);
});

test('one for C++ is asked by a command, unless its tests need more of Catch than there is', async () => {
  const named = { solution: 'twice.cpp', test: 'twice_test.cpp', example: '.meta/example.cpp' };
  const asks = '#include "test/catch.hpp"\nTEST_CASE("one") {\n    REQUIRE(twice(1) == 2);\n}\n';
  const texts = {
    'twice.cpp': '',
    'twice_test.cpp': asks,
    '.meta/example.cpp': 'int twice(int n) {\n    return 2 * n;\n}\n',
  };
  const [exercise] = await exercisesIn(await laid(named, texts));
  expect(exercise).toMatchObject({
    language: 'C++',
    right: { 'twice.cpp': texts['.meta/example.cpp'] },
    check: { kind: 'command', expect: { stdoutIncludes: ['all 1 cases passed'] } },
  });
  const more = { ...texts, 'twice_test.cpp': asks.replace('REQUIRE(', 'REQUIRE_THAT(') };
  expect(await exercisesIn(await laid(named, more))).toEqual([]);
});
