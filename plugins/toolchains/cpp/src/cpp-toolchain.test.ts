import { toolchainSuite, viewOf } from '@devfactory/kit/testing';
import { describe, expect, test } from 'vitest';
import { cppToolchain } from './cpp-toolchain.ts';

const lists = 'cmake_minimum_required(VERSION 3.16)\nproject(shop CXX)\nadd_executable(shop src/main.cpp)\n';
const main = 'int main() {}\n';

toolchainSuite({
  toolchain: cppToolchain(),
  recognised: {
    'a CMake project': { 'CMakeLists.txt': lists, 'src/main.cpp': main },
    'a tree that says so itself': { 'devfactory.json': '{"toolchain":"cpp","serve":["./x"],"build":[["make"]]}' },
  },
  foreign: {
    'a lone C++ file': { 'x.cpp': main },
    'a Python project with an extension': { 'setup.py': '', 'ext/CMakeLists.txt': lists },
  },
  odd: {
    'an empty CMakeLists.txt': { 'CMakeLists.txt': '' },
    'a CMakeLists.txt of nonsense': { 'CMakeLists.txt': '\u0000(((add_executable(', 'x.cpp': 'listen(' },
    'a devfactory.json that is no JSON': { 'CMakeLists.txt': lists, 'devfactory.json': '{' },
  },
  honest: [
    {
      title: 'tests that nobody can run',
      tree: { 'CMakeLists.txt': lists },
      locked: [{ path: 'tests/price.cpp', content: '' }],
      tests: ['tests/price.cpp::adds'],
    },
  ],
  liars: [],
  cannotRun: 'there is no test runner for C++ here',
});

describe('C++ detection', () => {
  const program = async (files: Record<string, string>): Promise<string | undefined> =>
    (await cppToolchain().detect(viewOf({ 'CMakeLists.txt': lists, ...files })))?.serve(80)?.argv[0];

  test.each([
    ['the program whose source listens', { 'src/main.cpp': 'listen(fd, 8);' }, './.devfactory/bin/shop'],
    ['the only program of one that listens', { 'src/http.cpp': 'httplib::Server s;' }, './.devfactory/bin/shop'],
    [
      'the program of a folder whose source listens',
      { 'web/CMakeLists.txt': 'add_executable(web "serve.cc")', 'web/serve.cc': 'listen(fd, 8);' },
      './.devfactory/bin/web',
    ],
    ['nothing where nothing listens', { 'src/main.cpp': main }, undefined],
  ])('starts %s', async (_, files, expected) => {
    expect(await program(files as Record<string, string>)).toBe(expected);
  });
  test('sees tests, which are then said not to be kept', () => {
    const seen = cppToolchain().ownTests?.([
      'src/a.cc',
      'test/a.cc',
      'tests/util/b.cpp',
      'src/a_test.cpp',
      'test/CMakeLists.txt',
    ]);
    expect(seen?.tests).toEqual(['test/a.cc', 'tests/util/b.cpp', 'src/a_test.cpp']);
  });
  test('reads the least version from CMakeLists.txt, and says so when CMake is older', async () => {
    const { leastVersion, outdated } = cppToolchain();
    expect(await leastVersion?.(viewOf({ 'CMakeLists.txt': lists }))).toMatchObject({ version: '3.16' });
    expect(await leastVersion?.(viewOf({ 'CMakeLists.txt': '' }))).toBeNull();
    expect(outdated?.('CMake 9.1 or higher is required.  You are running version 3.25.1')).toContain('9.1');
    expect(outdated?.('CMake Error: The source directory')).toBeNull();
  });
});
