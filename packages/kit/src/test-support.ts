const testFolder = /(^|\/)(tests?|specs?|__tests__|__mocks__|__snapshots__|__fixtures__|fixtures?|testdata)\//;

/** The files of a tree that lie in folders of tests and are no tests: helpers, fixtures, snapshots. They decide what the tests ask. */
export function besideTests(paths: readonly string[], isTest: (path: string) => boolean): string[] {
  return paths.filter((path) => testFolder.test(path) && !isTest(path));
}

/** The words of a text: where a module or class is called like its file, one file names another by them. */
export function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.match(/\w+/g));
}
