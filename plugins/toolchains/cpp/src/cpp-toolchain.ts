import { guardedTestRun, type Toolchain } from '@devfactory/kit';
import { detectCpp } from './project.ts';

const newer = "Debian's cmake may be too old: install a newer one from cmake.org, or lower cmake_minimum_required.";

const testName = /(?:^|\/)tests?\/.+\.(?:c|cc|cpp|cxx)$|[^/][-_.]test\.(?:c|cc|cpp|cxx)$/i;

/** C and C++ projects with CMake: built, started, run as commands. */
export function cppToolchain(): Toolchain {
  return {
    id: 'cpp',
    title: 'C++',
    marks: ['CMakeLists.txt'],
    detect: detectCpp,
    // Seen, so that a person is told why none is kept.
    ownTests: (paths) => ({ tests: paths.filter((path) => testName.test(path)), support: [] }),
    testRun: guardedTestRun(
      'report("devfactory::missing", "failed")',
      'There is no test runner for C++ here that code under test could not deceive. Ask by HTTP or by a command (checks of kind http and command), which see the program from outside.',
    ),
    registryHosts: [],
    unreachable: () => false,
    outdated: (output) => {
      const wanted = /CMake ([\d.]+) or higher is required/.exec(output);
      return wanted === null
        ? null
        : `This machine's CMake is older than the project asks for (${wanted[1]}). ${newer}`;
    },
    leastVersion: async (source) => {
      const lists = (await source.read('CMakeLists.txt')) ?? '';
      const version = /cmake_minimum_required\s*\(\s*VERSION\s+(\d+(?:\.\d+)+)/i.exec(lists)?.[1];
      return version === undefined ? null : { argv: ['cmake', '--version'], version, fix: newer };
    },
    needs: [
      { command: 'cmake', debianPackage: 'cmake' },
      { command: 'make', debianPackage: 'make' },
      { command: 'g++', debianPackage: 'g++' },
      { command: 'python3', debianPackage: 'python3' },
    ],
  };
}
