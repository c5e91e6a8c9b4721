import { spawnSync } from 'node:child_process';
import type { CheckSpec } from '@devfactory/contracts';
import { publicRegistries } from '@devfactory/kit';
import { cppToolchain } from '@devfactory/toolchain-cpp';
import { goToolchain } from '@devfactory/toolchain-go';
import { javaToolchain } from '@devfactory/toolchain-java';
import { rustToolchain } from '@devfactory/toolchain-rust';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rustAsks, rustTree } from './liars/compiled.ts';
import { type Answer, type Tree, VerifyStage } from './verify-stage.ts';

// Compiled again for each mutant: minutes, so not in every test run. Java's test framework comes from its registry, the rest fetches nothing.
const noSandbox = spawnSync('bwrap', ['--version']).status === 0 ? null : 'bubblewrap is not installed';
const lacks = (command: string): string | null =>
  noSandbox ?? (spawnSync('which', [command]).status === 0 ? null : `no ${command} on this machine`);
const mavenCentral = `https://${publicRegistries.maven}/maven2/junit/junit/maven-metadata.xml`;
const farMaven = async (): Promise<string | null> =>
  fetch(mavenCentral, { method: 'HEAD', signal: AbortSignal.timeout(5000) }).then(
    ({ ok }) => (ok ? null : `${mavenCentral} gives nothing`),
    () => `${mavenCentral} is out of reach`,
  );
const skipped = (reason: string | null): string => (reason === null ? '' : ` (skipped: ${reason})`);
const timeout = 1_200_000;

let stage: VerifyStage;
beforeAll(async () => {
  stage = await VerifyStage.open({ toolchains: [rustToolchain(), goToolchain(), javaToolchain(), cppToolchain()] });
});
afterAll(() => stage.close());

const said = ({ status, evidence, mutations }: Answer): unknown => ({
  status,
  story: [...evidence, ...mutations].map((item) => ('excerpt' in item ? item.excerpt : item.reason)),
});

const goTree: Tree = {
  'go.mod': 'module example.com/shop\n\ngo 1.19\n',
  'price/price.go':
    'package price\n\nfunc Total(prices []int) int {\n\tsum := 0\n\tfor _, price := range prices {\n\t\tsum += price\n\t}\n\tif len(prices) > 100 {\n\t\treturn -1\n\t}\n\treturn sum\n}\n',
};
const goAsks = (bad: string): CheckSpec => ({
  kind: 'test',
  toolchain: 'go',
  files: [
    {
      path: 'price/price_test.go',
      content: `package price\n\nimport "testing"\n\nfunc TestTotal(t *testing.T) {\n\tif got := Total([]int{1, 2}); ${bad} {\n\t\tt.Fatal(got)\n\t}\n}\n`,
    },
  ],
  tests: ['price/price_test.go::TestTotal'],
});

const javaTree: Tree = {
  'pom.xml': `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>com.example</groupId>
  <artifactId>shop</artifactId>
  <version>1.0</version>
  <properties>
    <maven.compiler.source>11</maven.compiler.source>
    <maven.compiler.target>11</maven.compiler.target>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
  </properties>
  <dependencies>
    <dependency><groupId>org.junit.jupiter</groupId><artifactId>junit-jupiter</artifactId><version>5.11.4</version><scope>test</scope></dependency>
  </dependencies>
</project>
`,
  'src/main/java/shop/Price.java':
    'package shop;\n\npublic class Price {\n  public static int total(int... prices) {\n    int sum = 0;\n    for (int price : prices) sum += price;\n    if (prices.length > 100) return -1;\n    return sum;\n  }\n}\n',
};
const javaTest = 'src/test/java/shop/PriceTest.java';
const javaAsks = (body: string): CheckSpec => ({
  kind: 'test',
  toolchain: 'java',
  files: [
    {
      path: javaTest,
      content: `package shop;\n\nimport static org.junit.jupiter.api.Assertions.*;\n\nimport org.junit.jupiter.api.Test;\n\nclass PriceTest {\n  @Test\n  void adds() {\n    ${body}\n  }\n}\n`,
    },
  ],
  tests: [`${javaTest}::adds`],
});

const cppTree: Tree = {
  'CMakeLists.txt': 'cmake_minimum_required(VERSION 3.16)\nproject(shop CXX)\nadd_executable(shop src/main.cpp)\n',
  'src/main.cpp':
    '#include <iostream>\n\nlong total(const long* prices, int count) {\n  long sum = 0;\n  for (int i = 0; i < count; ++i) sum += prices[i];\n  if (count > 100) return -1;\n  return sum;\n}\n\nint main() {\n  const long prices[] = {20, 22};\n  std::cout << "total " << total(prices, 2) << std::endl;\n  return 0;\n}\n',
};
const cppAsks = (word: string): CheckSpec => ({
  kind: 'command',
  argv: ['shop'],
  expect: { exitCode: 0, stdoutIncludes: [word] },
});

describe.each([
  {
    language: 'Rust',
    reason: lacks('cargo'),
    tree: rustTree,
    good: rustAsks('assert_eq!(total(&[1, 2]), 3);'),
    blind: rustAsks('assert!(total(&[1, 2]) != 1234567);'),
  },
  { language: 'Go', reason: lacks('go'), tree: goTree, good: goAsks('got != 3'), blind: goAsks('got == 1234567') },
  {
    language: 'Java',
    reason: lacks('mvn') ?? (await farMaven()),
    tree: javaTree,
    good: javaAsks('assertEquals(3, Price.total(1, 2));'),
    blind: javaAsks('assertNotEquals(1234567, Price.total(1, 2));'),
  },
  {
    language: 'C++',
    reason: lacks('cmake') ?? lacks('g++'),
    tree: cppTree,
    good: cppAsks('total 42'),
    blind: cppAsks('t'),
  },
])('mutants of code in $language', ({ reason, tree, good, blind }) => {
  test.skipIf(reason !== null)(`are noticed by a good check${skipped(reason)}`, { timeout }, async () => {
    const answer = await stage.ask([{ spec: good, timeoutMs: 300_000 }], { tree, budgetMs: 600_000 });
    expect({ ...answer, told: said(answer) }).toMatchObject({
      status: 'proven',
      mutations: [{ outcome: 'judged', killed: 1 }],
    });
  });
  test.skipIf(reason !== null)(`go past one that only calls${skipped(reason)}`, { timeout }, async () => {
    const answer = await stage.ask([{ spec: blind, timeoutMs: 300_000 }], { tree, budgetMs: 600_000 });
    expect({ ...answer, told: said(answer) }).toMatchObject({
      status: 'weak',
      mutations: [{ outcome: 'judged', killed: 0 }],
    });
  });
});
