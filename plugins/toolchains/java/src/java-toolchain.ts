import { basename } from 'node:path/posix';
import { guardedTestRun, publicRegistries, type Toolchain, wordsOf } from '@devfactory/kit';
import { readGradle, scriptNames } from './gradle/manifest.ts';
import { detectJava } from './project.ts';
import { runnerSource } from './runner-source.ts';

const hosts = [publicRegistries.maven];

/** Maven's words for a repository that did not answer. An artifact that does not exist is the project's own mistake. */
const unreachable =
  /Unknown host|Connection (?:refused|reset|timed out)|connect timed out|Read timed out|PKIX path building failed|Network is unreachable|Temporary failure in name resolution|status code: (?:403|407|429|50\d)|Could not transfer artifact [^\n]*(?:timed out|refused|reset|No route)/;

const newer =
  'Install a newer JDK, or let the build ask for an older one (maven.compiler.release in pom.xml, the Java version in build.gradle).';

/** Java projects with Maven or Gradle; JUnit tests with a launcher of our own. */
export function javaToolchain(): Toolchain {
  return {
    id: 'java',
    title: 'Java',
    marks: ['pom.xml', ...scriptNames],
    detect: (source) => detectJava(source, hosts),
    ownTests: (paths) => {
      const beside = paths.filter((path) => /^src\/test\/(?:java|resources)\//.test(path));
      return {
        tests: beside.filter((path) => /\/(?:Test[^/]*|[^/]*(?:Test|Tests|TestCase))\.java$/.test(path)),
        support: beside,
        // A class that is not needed may need others that a check has no room for.
        uses: ({ content }) => {
          const words = wordsOf(content);
          return (path) => !path.endsWith('.java') || words.has(basename(path, '.java'));
        },
      };
    },
    // Ids: 'src/test/java/shop/PriceTest.java::adds', '…::Nested.adds'; a parametrised test has one id for all its cases.
    testRun: guardedTestRun(
      runnerSource,
      'Java or JUnit is not there. Install Java with: apt-get install default-jdk-headless maven, give this machine access to Maven Central, and verify again.',
    ),
    registryHosts: hosts,
    unreachable: (output) => unreachable.test(output),
    outdated: (output) => {
      const wanted = /release version (\d+) not supported|invalid target release: (\d+)/.exec(output);
      return wanted === null
        ? null
        : `This machine's Java is older than the project asks for (${wanted[1] ?? wanted[2]}). ${newer}`;
    },
    leastVersion: async (source) => {
      const pom = (await source.read('pom.xml')) ?? '';
      const version =
        /<(?:maven\.compiler\.(?:release|source|target)|java\.version)>\s*(?:1\.)?(\d+)\s*</.exec(pom)?.[1] ??
        (pom === '' ? (await readGradle(source))?.script.javaVersion : undefined) ??
        undefined;
      // Java 8 calls itself 1.8.
      const words = Number(version) <= 8 ? `1.${version}` : version;
      return words === undefined ? null : { argv: ['javac', '-version'], version: words, fix: newer };
    },
    needs: [
      { command: 'javac', debianPackage: 'default-jdk-headless' },
      { command: 'mvn', debianPackage: 'maven' },
      { command: 'python3', debianPackage: 'python3' },
    ],
  };
}
