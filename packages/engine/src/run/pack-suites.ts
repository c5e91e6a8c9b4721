import { limits } from '@devfactory/contracts';
import type { TestSuite } from '../verify/index.ts';

const mostFiles = 50;
const mostTests = 500;
const idLength = 500;

/** As many suites as a requirement takes checks: the smallest neighbours share one where there are more, and what fits in none is left out, tests of one file too. */
export function packSuites(suites: readonly TestSuite[]): TestSuite[] {
  const packed = suites
    .map((suite): TestSuite => ({
      ...suite,
      tests: suite.tests.filter((id) => id.length <= idLength).slice(0, mostTests),
    }))
    .filter((suite) => suite.tests.length > 0 && fits(suite))
    .toSorted((one, two) => (pathOf(one) < pathOf(two) ? -1 : 1));
  while (packed.length > limits.checksPerRequirement) {
    const pairs = packed.slice(1).map((two, index) => ({ index, both: together(packed[index], two) }));
    const [least] = pairs
      .filter(({ both }) => both !== null)
      .toSorted((one, two) => (one.both?.tests.length ?? 0) - (two.both?.tests.length ?? 0));
    if (!least?.both) break;
    packed.splice(least.index, 2, least.both);
  }
  return packed.slice(0, limits.checksPerRequirement);
}

/** The files that the tests are in. */
export function testFilesOf({ tests }: TestSuite): string[] {
  return [...new Set(tests.map((id) => id.slice(0, id.indexOf('::'))))];
}

function together(one: TestSuite | undefined, two: TestSuite): TestSuite | null {
  if (one?.toolchain !== two.toolchain) return null;
  const files = [...new Map([...one.files, ...two.files].map((file) => [file.path, file])).values()];
  const both = { toolchain: two.toolchain, files, tests: [...one.tests, ...two.tests] };
  return fits(both) ? both : null;
}

function fits({ files, tests }: TestSuite): boolean {
  return files.length <= mostFiles && tests.length <= mostTests;
}

function pathOf(suite: TestSuite): string {
  return testFilesOf(suite)[0] ?? '';
}
