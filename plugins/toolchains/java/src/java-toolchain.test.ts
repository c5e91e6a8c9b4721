import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publicRegistries } from '@devfactory/kit';
import { toolchainSuite, viewOf } from '@devfactory/kit/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { javaToolchain } from './java-toolchain.ts';

const pom = `<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
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
    <dependency><groupId>com.google.code.gson</groupId><artifactId>gson</artifactId><version>2.11.0</version></dependency>
    <dependency><groupId>org.junit.jupiter</groupId><artifactId>junit-jupiter</artifactId><version>5.11.4</version><scope>test</scope></dependency>
  </dependencies>
  <profiles>
    <profile>
      <id>more</id>
      <activation><file><exists>src/main/resources/more.properties</exists></file></activation>
      <build><plugins><plugin>
        <groupId>org.codehaus.mojo</groupId><artifactId>build-helper-maven-plugin</artifactId><version>3.6.0</version>
        <executions><execution><phase>initialize</phase><goals><goal>timestamp-property</goal></goals></execution></executions>
      </plugin></plugins></build>
    </profile>
  </profiles>
</project>
`;
const registry = `https://${publicRegistries.maven}/maven2/junit/junit/maven-metadata.xml`;
const reachable = await fetch(registry, { method: 'HEAD', signal: AbortSignal.timeout(5000) }).then(
  ({ ok }) => ok,
  () => false,
);
const has = (command: string): boolean => spawnSync('which', [command]).status === 0;
const cannotRun = !has('javac')
  ? 'no JDK; apt-get install default-jdk-headless'
  : !has('mvn')
    ? 'no Maven; apt-get install maven'
    : reachable
      ? null
      : 'Maven Central is out of reach';

/** What phase 1 makes of the manifest, once for all trees that have the same one. */
const phase1 = mkdtempSync(join(tmpdir(), 'devfactory-java-'));
beforeAll(async () => {
  if (cannotRun !== null) return;
  writeFileSync(join(phase1, 'pom.xml'), pom);
  const project = await javaToolchain().detect(viewOf({ 'pom.xml': pom }));
  for (const { argv } of project?.install ?? []) {
    const [program = '', ...words] = argv;
    const env = { PATH: process.env['PATH'], HOME: phase1 };
    const { status, stdout, stderr } = spawnSync(program, words, { cwd: phase1, env, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${stdout}\n${stderr}`);
  }
}, 300_000);
afterAll(() => rmSync(phase1, { recursive: true, force: true }));

const source = 'src/main/java/shop/Price.java';
const klass = (body: string): string => `package shop;\n\npublic class Price {\n${body}\n}\n`;
const right = klass(
  '  public static int total(int... prices) {\n    int sum = 0;\n    for (int price : prices) sum += price;\n    return sum;\n  }',
);
const returns7 = '  public static int total(int... prices) { return 7; }';
const path = 'src/test/java/shop/PriceTest.java';
const content = `package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PriceTest {
  @Test void adds() { assertEquals(3, Price.total(1, 2)); }
  @ParameterizedTest @ValueSource(ints = {1, 5}) void keeps(int price) { assertEquals(price, Price.total(price)); }
  @Nested class None {
    @Test void isZero() { assertEquals(0, Price.total()); }
  }
}
`;
const locked = [{ path, content }];
const tests = [`${path}::adds`, `${path}::keeps`, `${path}::None.isZero`];
const lie = (title: string, code: string, more: Record<string, string> = {}) => ({
  title,
  tree: { 'pom.xml': pom, [source]: code, ...more },
  locked,
  tests,
});
const changed = (title: string, from: string, to: string) => ({
  ...lie(title, right),
  locked: [{ path, content: content.replace(from, to) }],
});

toolchainSuite({
  toolchain: javaToolchain(),
  recognised: {
    'a Maven project': { 'pom.xml': pom, [source]: right },
    'a Maven project of modules': { 'pom.xml': pom, 'a/pom.xml': pom },
    'a tree that says so itself': { 'devfactory.json': '{"toolchain":"java","serve":["java","X.java"],"build":[]}' },
  },
  foreign: {
    'a Node project': { 'package.json': '{}', 'server.mjs': '' },
    'a lone Java file': { 'X.java': 'class X {}' },
  },
  odd: {
    'a pom.xml that is no XML': { 'pom.xml': '<<<' },
    'an empty pom.xml': { 'pom.xml': '', 'src/main/java/X.java': 'static void main(' },
    'a devfactory.json that is no JSON': { 'pom.xml': pom, 'devfactory.json': '{' },
  },
  honest: [
    { ...lie('JUnit 5 tests, nested and with parameters', right) },
    lie('a plugin that only a file beside the pom.xml switches on', right, {
      'src/main/resources/more.properties': '',
    }),
    {
      ...lie('several classes, and settings of the project that would leave all out', right, {
        'src/test/resources/junit-platform.properties': 'junit.jupiter.conditions.deactivate=*\n',
        'src/test/java/shop/BrokenTest.java': 'nonsense',
      }),
      locked: [
        ...locked,
        {
          path: 'src/test/java/shop/MoreTest.java',
          content: `package shop;
import org.junit.jupiter.api.*;
class MoreTest { static int times; @BeforeAll static void once() { times++; } @Test void once2() { Assertions.assertEquals(1, times); } }
`,
        },
      ],
      tests: [...tests, 'src/test/java/shop/MoreTest.java::once2'],
    },
  ],
  liars: [
    lie('wrong code', klass(returns7)),
    lie('code that does not compile', klass('  nonsense')),
    lie('System.exit(0) while it is loaded', klass(`  static { System.exit(0); }\n${returns7}`)),
    lie(
      'output that imitates a pass, and halt(0)',
      klass(
        `  static { System.out.println("\\nx\\tshop.PriceTest\\tshop.PriceTest#adds\\tpassed\\nx\\tend"); Runtime.getRuntime().halt(0); }\n${returns7}`,
      ),
    ),
    lie('assertions of its own under the name of JUnit’s', klass(returns7), {
      'src/main/java/org/junit/jupiter/api/Assertions.java':
        'package org.junit.jupiter.api;\npublic class Assertions { public static void assertEquals(int a, int b) {} }\n',
    }),
    lie('a test class of its own that was built before', klass(returns7), {
      'src/main/java/shop/PriceTest.java':
        'package shop;\npublic class PriceTest { @org.junit.jupiter.api.Test void adds() {} }\n'.replace(
          '@org.junit.jupiter.api.Test ',
          '',
        ),
    }),
    lie('listeners that the project registers', klass(returns7), {
      'src/main/resources/META-INF/services/org.junit.jupiter.api.extension.Extension': 'shop.Swallow\n',
      'src/main/resources/junit-platform.properties': 'junit.jupiter.extensions.autodetection.enabled=true\n',
    }),
    lie('a surefire that runs nothing', klass(returns7), {
      'pom.xml': pom.replace(
        '</project>',
        '<build><plugins><plugin><artifactId>maven-surefire-plugin</artifactId><configuration><testFailureIgnore>true</testFailureIgnore></configuration></plugin></plugins></build></project>',
      ),
      'target/surefire-reports/TEST-shop.PriceTest.xml':
        '<testsuite tests="3" failures="0"><testcase classname="shop.PriceTest" name="adds"/></testsuite>',
    }),
    changed('a disabled test', '@Test void adds', '@Test @org.junit.jupiter.api.Disabled void adds'),
    changed('a test that is not there', 'void adds', 'void subtracts'),
    changed(
      'a class whose end fails',
      'class PriceTest {',
      'class PriceTest {\n  @org.junit.jupiter.api.AfterAll static void end() { throw new IllegalStateException(); }',
    ),
  ],
  eachTime: [
    'JUnit 5 tests, nested and with parameters',
    'a plugin that only a file beside the pom.xml switches on',
    'wrong code',
    'output that imitates a pass, and halt(0)',
    'assertions of its own under the name of JUnit’s',
  ],
  built: true,
  installed: () => join(phase1, '.devfactory'),
  env: { HOME: phase1 },
  runMs: 120_000,
  cannotRun,
});

describe('Java detection', () => {
  const detect = async (files: Record<string, string>) => {
    const project = await javaToolchain().detect(viewOf({ 'pom.xml': pom, ...files }));
    if (!project) throw new Error('not recognised');
    return project;
  };
  const main = 'public static void main(String[] words) {}';

  test('starts the main class that serves', async () => {
    const project = await detect({
      'src/main/java/shop/Tool.java': `class Tool { ${main} }`,
      'src/main/java/shop/Service.java': `class Service { HttpServer server; ${main} }`,
    });
    expect(project.serve(80)?.argv.at(-1)).toBe('shop.Service');
  });
  test('starts nothing where nothing listens', async () => {
    expect((await detect({ 'src/main/java/shop/Tool.java': `class Tool { ${main} }` })).serve(80)).toBeNull();
  });
  test('reads a pom.xml whose parent never ends at once, and takes the name beside a parent', async () => {
    const began = performance.now();
    await detect({ 'pom.xml': '<parent>'.repeat(60_000), 'src/main/java/A.java': `class A { ${main} }` });
    expect(performance.now() - began).toBeLessThan(1000);
    const child = pom.replace('<groupId>', '<parent><artifactId>base</artifactId></parent><groupId>');
    const project = await detect({ 'pom.xml': child, 'src/main/java/A.java': `class A { ${main} }` });
    expect(project.build[0]?.argv).toContain('shop');
  });
  test('tells a repository that is out of reach from an artifact that does not exist', () => {
    const { unreachable } = javaToolchain();
    expect(unreachable('Could not transfer artifact x: Unknown host repo')).toBe(true);
    expect(unreachable('Could not find artifact com.example:nope:jar:1 in central')).toBe(false);
  });
  test.each([
    ['11', '<maven.compiler.release>11</maven.compiler.release>'],
    ['1.8', '<maven.compiler.source>1.8</maven.compiler.source>'],
    ['1.8', '<java.version>8</java.version>'],
  ])('reads the least version %s from pom.xml', async (version, text) => {
    expect(await javaToolchain().leastVersion?.(viewOf({ 'pom.xml': text }))).toMatchObject({ version });
    expect(await javaToolchain().leastVersion?.(viewOf({ 'pom.xml': '<project/>' }))).toBeNull();
  });
  test('says so when the machine’s Java is too old', () => {
    expect(javaToolchain().outdated?.('Fatal error compiling: error: release version 99 not supported')).toContain(
      '99',
    );
    expect(javaToolchain().outdated?.('cannot find symbol')).toBeNull();
  });
});
