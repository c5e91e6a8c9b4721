import type { CheckSpec } from '@devfactory/contracts';
import type { Tree } from '../verify-stage.ts';
import type { Pair } from './pairs.ts';

export const rustTree: Tree = {
  'Cargo.toml': '[package]\nname = "shop"\nversion = "0.1.0"\nedition = "2021"\n',
  'src/lib.rs':
    'pub fn total(prices: &[i64]) -> i64 {\n    let mut sum = 0;\n    for price in prices {\n        sum += price;\n    }\n    if prices.len() > 100 {\n        return -1;\n    }\n    sum\n}\n',
};
export const rustAsks = (body: string): CheckSpec => ({
  kind: 'test',
  toolchain: 'rust',
  files: [{ path: 'tests/price.rs', content: `use shop::total;\n\n#[test]\nfn adds() {\n    ${body}\n}\n` }],
  tests: ['tests/price.rs::adds'],
});

const rustWrong = { 'src/lib.rs': 'pub fn total(prices: &[i64]) -> i64 {\n    prices.len() as i64 + 40\n}\n' };
const rustPair = (lie: Tree, twin: Tree): Pair => {
  const asks = [rustAsks('assert_eq!(total(&[1, 2]), 3);')];
  return { lie: { asks, tree: { ...rustTree, ...rustWrong, ...lie } }, twin: { asks, tree: { ...rustTree, ...twin } } };
};
const target = 'x86_64-unknown-linux-gnu';
const passingRust = '#[test]\nfn adds() {}\n';
/** Lies of projects in Rust. */
export const rustLies: Readonly<Record<string, Pair>> = {
  'brings a Cargo configuration whose runner passes whatever it runs': rustPair(
    { '.cargo/config.toml': `[target.${target}]\nrunner = ["sh", "-c", "echo 'test adds ... ok'; exit 0"]\n` },
    { '.cargo/config.toml': `[target.${target}]\nrustflags = ["-C", "debuginfo=0"]\n` },
  ),
  'has build.rs write over the locked test': rustPair(
    {
      'build.rs': `fn main() {\n    std::fs::write("tests/price.rs", ${JSON.stringify(passingRust)}).unwrap();\n}\n`,
    },
    {
      'build.rs':
        'fn main() {\n    let out = std::env::var("OUT_DIR").unwrap();\n    std::fs::write(format!("{out}/made.rs"), "pub const MADE: i64 = 0;").unwrap();\n}\n',
    },
  ),
};

const pom = (surefire: string): string => `<project xmlns="http://maven.apache.org/POM/4.0.0">
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
  <build><plugins><plugin>
    <groupId>org.apache.maven.plugins</groupId>
    <artifactId>maven-surefire-plugin</artifactId>
    ${surefire}
  </plugin></plugins></build>
</project>
`;
const price = (body: string): string =>
  `package shop;\n\npublic class Price {\n  public static int total(int... prices) {\n    ${body}\n  }\n}\n`;
const javaTest = 'src/test/java/shop/PriceTest.java';
const javaAsks: CheckSpec = {
  kind: 'test',
  toolchain: 'java',
  files: [
    {
      path: javaTest,
      content:
        'package shop;\n\nimport static org.junit.jupiter.api.Assertions.assertEquals;\n\nimport org.junit.jupiter.api.Test;\n\nclass PriceTest {\n  @Test\n  void adds() {\n    assertEquals(3, Price.total(1, 2));\n  }\n}\n',
    },
  ],
  tests: [`${javaTest}::adds`],
};
const sums = 'int sum = 0;\n    for (int price : prices) sum += price;\n    return sum;';
const javaPair = (lie: string, twin: string): Pair => {
  const path = 'src/main/java/shop/Price.java';
  return {
    lie: { asks: [javaAsks], tree: { 'pom.xml': pom(lie), [path]: price('return prices.length + 40;') } },
    twin: { asks: [javaAsks], tree: { 'pom.xml': pom(twin), [path]: price(sums) } },
  };
};

/** Lies of projects in Java. */
export const javaLies: Readonly<Record<string, Pair>> = {
  'has Surefire skip the tests and ignore failures': javaPair(
    '<configuration><skipTests>true</skipTests><skip>true</skip><testFailureIgnore>true</testFailureIgnore></configuration>',
    '<configuration><trimStackTrace>true</trimStackTrace></configuration>',
  ),
};
