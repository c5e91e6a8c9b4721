import { viewOf } from '@devfactory/kit/testing';
import { expect, test } from 'vitest';
import { readGradle } from './manifest.ts';

const read = async (files: Record<string, string>) => {
  const manifest = await readGradle(viewOf(files));
  if (manifest === null) throw new Error('not read');
  return manifest;
};
const artifacts = (pom: string): string[] =>
  [
    ...pom.matchAll(
      /<dependency><groupId>([^<]+)<\/groupId><artifactId>([^<]+)<\/artifactId>(?:<version>([^<]+)<\/version>)?(?:<type>pom<\/type>)?<scope>(\w+)/g,
    ),
  ].map(([, group, name, version, scope]) => `${scope} ${group}:${name}${version === undefined ? '' : `:${version}`}`);

test('a Groovy script with variables, maps, platforms, closures and comments is read', async () => {
  const manifest = await read({
    'build.gradle': `// implementation 'not:this:1'
plugins { id 'java'; id "org.springframework.boot" version "3.3.4" }
ext { gson = '2.11.0' }
def jupiter = "5.11.4"
java { sourceCompatibility = JavaVersion.VERSION_17 }
repositories { maven { url "https://repo.example/x" } }
dependencies {
  implementation platform("org.junit:junit-bom:$jupiter")
  implementation "com.google.code.gson:gson:\${gson}" /* the one */
  implementation('a.b:c:1.0') {
    exclude group: 'x', module: 'y'
  }
  runtimeOnly group: 'org.xerial', name: 'sqlite-jdbc', version: sqliteIgnored ?: '3'
  runtimeOnly group: 'org.xerial', name: 'sqlite-jdbc', version: "$sqlite"
  compileOnly 'org.projectlombok:lombok:1.18.34'; annotationProcessor 'org.projectlombok:lombok:1.18.34'
  testImplementation 'org.junit.jupiter:junit-jupiter'
  testImplementation "a.b:c:1.0"
}
application { mainClass = 'shop.Main' }
`,
    'gradle.properties': 'sqlite=3.46.1\n# no=1\n',
    'settings.gradle': "rootProject.name = 'corner-shop'\n",
  });
  expect(artifacts(manifest.pom)).toEqual([
    'import org.junit:junit-bom:5.11.4',
    'import org.springframework.boot:spring-boot-dependencies:3.3.4',
    'compile com.google.code.gson:gson:2.11.0',
    'compile a.b:c:1.0',
    'runtime org.xerial:sqlite-jdbc:3.46.1',
    'provided org.projectlombok:lombok:1.18.34',
    'test org.junit.jupiter:junit-jupiter',
  ]);
  expect(artifacts(manifest.processors ?? '')).toEqual(
    expect.arrayContaining(['compile org.projectlombok:lombok:1.18.34']),
  );
  expect(manifest.script).toMatchObject({ javaVersion: '17', mainClass: 'shop.Main' });
  expect(manifest.name).toBe('corner-shop');
  expect(manifest.cannot).toContain('sqliteIgnored');
});

test('a Kotlin script with a version catalogue and a lock file is read', async () => {
  const manifest = await read({
    'build.gradle.kts': `plugins { java; application }
java { toolchain { languageVersion.set(JavaLanguageVersion.of(21)) } }
dependencies {
    implementation(libs.google.gson)
    implementation(libs.bundles.web)
    testImplementation(platform(libs.junit.bom))
    testImplementation(
        "org.junit.jupiter:junit-jupiter",
    )
}
application { mainClass.set("shop.AppKt") }
`,
    'gradle/libs.versions.toml': `[versions]
gson = "2.11.0" # the newest
[libraries]
google-gson = { module = "com.google.code.gson:gson", version.ref = "gson" }
javalin = { group = "io.javalin", name = "javalin", version = "6.3.0" }
slf4j-simple = "org.slf4j:slf4j-simple:2.0.16"
junit-bom = { module = "org.junit:junit-bom", version = "5.11.4" }
[bundles]
web = [
  "javalin",
  "slf4j-simple",
]
`,
    'gradle.lockfile':
      '# made by Gradle\ncom.google.errorprone:error_prone_annotations:2.27.0=compileClasspath,runtimeClasspath\nempty=\n',
  });
  expect(manifest.cannot).toBeNull();
  expect(manifest.script.javaVersion).toBe('21');
  expect(artifacts(manifest.pom)).toEqual([
    'import org.junit:junit-bom:5.11.4',
    'compile com.google.code.gson:gson:2.11.0',
    'compile io.javalin:javalin:6.3.0',
    'compile org.slf4j:slf4j-simple:2.0.16',
    'test org.junit.jupiter:junit-jupiter',
  ]);
  expect(manifest.pom).toContain('<artifactId>error_prone_annotations</artifactId><version>2.27.0</version>');
});

test.each([
  ["dependencies { implementation project(':other') }", 'other'],
  ['dependencies { implementation "a:b:$unknown" }', 'unknown'],
  ["dependencies { implementation files('libs/x.jar') }", 'libs/x.jar'],
  ["dependencies { implementation 'a:b:[1,2)' }", '[1,2)'],
  ["dependencies { implementation 'a:b</artifactId>:1' }", 'artifactId'],
  ['dependencies { implementation(libs.nope) }', 'libs.nope'],
])('what only a run of the script would tell is said: %s', async (script, named) => {
  const { cannot, pom } = await read({ 'build.gradle': script });
  expect(cannot).toContain(named);
  expect(cannot).toContain('devfactory.json');
  expect(pom).not.toContain('<scope>');
});

test('builds of several projects and other languages are said', async () => {
  expect((await read({ 'build.gradle': '', 'settings.gradle': "include 'a', 'b'" })).cannot).toContain(
    'several projects',
  );
  expect((await read({ 'build.gradle.kts': '', 'src/main/kotlin/A.kt': '' })).cannot).toContain('A.kt');
});

test('a script that a stranger made to be slow is read at once', async () => {
  const began = performance.now();
  for (const nasty of [
    'release'.padEnd(500_000),
    'dependencies{'.repeat(40_000),
    '{}'.repeat(250_000),
    '"'.repeat(500_000),
    '/*'.repeat(250_000),
    `dependencies {\n${'a ('.repeat(100_000)}`,
    'x = '.repeat(100_000),
    'dependencies { implementation(platform( '.repeat(5_000),
  ])
    await read({
      'build.gradle': nasty,
      'settings.gradle': nasty,
      'gradle/libs.versions.toml': nasty,
      'gradle.lockfile': nasty,
    });
  expect(performance.now() - began).toBeLessThan(4000);
});
