import {
  buildOf,
  type Command,
  failingCommand,
  type Project,
  readProjectFile,
  serveOf,
  type SourceView,
} from '@devfactory/kit';
import { jvmFlags } from './jvm.ts';
import { launcherSource } from './launcher-source.ts';

const installMs = 600_000;
const buildMs = 600_000;
const looked = 80;
const dependencies = '.devfactory/maven';
const dependencyPlugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1';
const junit = 'org.junit.platform:junit-platform-console-standalone:1.11.4';
const serverWords =
  /HttpServer|ServerSocket|SpringApplication|Javalin|Undertow|\bVertx|jetty|netty|SparkJava|Helidon|Quarkus|Micronaut/;

/** Maven projects: by pom.xml at the root, or by devfactory.json. */
export async function detectJava(source: SourceView, registryHosts: readonly string[]): Promise<Project | null> {
  const named = await readProjectFile(source, 'java');
  const words = named === null || 'broken' in named ? null : named;
  const isMaven = source.paths.includes('pom.xml');
  if (!isMaven && words === null) return null;
  const pom = (await source.read('pom.xml')) ?? '';
  const program = await programOf(source, pom);
  return {
    toolchain: 'java',
    title: isMaven ? 'Java with Maven' : 'Java',
    install: isMaven
      ? [{ argv: ['/bin/bash', '-c', `${environment}${download}`, 'install', launcherSource], timeoutMs: installMs }]
      : [],
    manifests: source.paths.filter((path) => /^(?:[^/]+\/)*pom\.xml$/.test(path)),
    dependencyPaths: isMaven ? [dependencies] : [],
    binPaths: ['.devfactory/bin'],
    registryHosts,
    build:
      named !== null && 'broken' in named
        ? [failingCommand(named.broken)]
        : (buildOf(words) ??
          (isMaven
            ? [{ argv: ['/bin/bash', '-c', environment + build, 'build', ...scriptOf(program)], timeoutMs: buildMs }]
            : [])),
    serve: (port) => serveOf(words, port) ?? (program?.serves ? start(program, port) : null),
  };
}

interface Program {
  readonly main: string;
  readonly name: string;
  readonly serves: boolean;
}

/** Settings of Maven that lie in the project (.mvn) are not there in phase 1; those of the machine's user never are. */
const environment = `set -eu
export MAVEN_OPTS="${jvmFlags}" MAVEN_ARGS= MAVEN_SKIP_RC=1
maven() { mvn --batch-mode --no-transfer-progress --quiet "-Dmaven.repo.local=$PWD/${dependencies}/repository" "$@"; }
`;

/** Plugins and artifacts, the class paths as the pom gives them, and JUnit with our launcher. No phase of the project runs. */
const download = `
mkdir -p ${dependencies}/runner
if [ -n "\${DEVFACTORY_MAVEN_MIRROR:-}" ]; then
  printf '<settings><mirrors><mirror><id>mirror</id><mirrorOf>*</mirrorOf><url>%s</url></mirror></mirrors></settings>' "$DEVFACTORY_MAVEN_MIRROR" > "$HOME/settings.xml"
  maven() { mvn --settings "$HOME/settings.xml" --batch-mode --no-transfer-progress --quiet "-Dmaven.repo.local=$PWD/${dependencies}/repository" "$@"; }
fi
maven ${dependencyPlugin}:go-offline
# Maven 3 gives plugins that name no plexus-utils this one, and go-offline does not know.
maven ${dependencyPlugin}:get -Dartifact=org.codehaus.plexus:plexus-utils:1.1
maven ${dependencyPlugin}:build-classpath -Dmdep.includeScope=test "-Dmdep.outputFile=$PWD/${dependencies}/test-classpath"
maven ${dependencyPlugin}:build-classpath -Dmdep.includeScope=runtime "-Dmdep.outputFile=$PWD/${dependencies}/classpath"
mkdir -p "$HOME/runner" && cd "$HOME/runner" && OLD="$OLDPWD"
printf '%s' '<project><modelVersion>4.0.0</modelVersion><groupId>runner</groupId><artifactId>runner</artifactId><version>1</version></project>' > pom.xml
cd "$OLD"
maven --file "$HOME/runner/pom.xml" ${dependencyPlugin}:copy -Dartifact=${junit} "-DoutputDirectory=$PWD/${dependencies}/runner" -Dmdep.stripVersion=true
mv ${dependencies}/runner/junit-platform-console-standalone.jar ${dependencies}/runner/junit.jar
printf '%s' "$1" > "$HOME/DevfactoryLauncher.java"
javac -J-Xmx512m -J-XX:+UseSerialGC -proc:none -cp ${dependencies}/runner/junit.jar -d ${dependencies}/runner "$HOME/DevfactoryLauncher.java"
`;

/** Its own tests are not the verifier's: they are neither compiled nor run here. */
const build = `
maven --offline -Dmaven.test.skip=true package
if [ "$#" -eq 2 ]; then
  mkdir -p .devfactory/bin
  printf '#!/bin/sh\\nexec java ${jvmFlags} -cp "%s/target/classes:%s" %s "$@"\\n' "$PWD" "$(cat ${dependencies}/classpath)" "$2" > ".devfactory/bin/$1"
  chmod 755 ".devfactory/bin/$1"
fi
`;

function scriptOf(program: Program | null): string[] {
  return program === null ? [] : [program.name, program.main];
}

function start(program: Program, port: number): Command {
  const script = `exec java ${jvmFlags} -cp "target/classes:$(cat ${dependencies}/classpath)" "$0"`;
  return {
    argv: ['/bin/sh', '-c', script, program.main],
    env: { PORT: String(port), HOST: '127.0.0.1' },
    timeoutMs: 0,
  };
}

/** The class with a main method; where several have one, the one that a server's words or a usual name speak for. */
async function programOf(source: SourceView, pom: string): Promise<Program | null> {
  const files = source.paths.filter((path) => /^src\/main\/java\/.+\.java$/.test(path)).slice(0, looked);
  const texts = await Promise.all(files.map(async (path) => ({ path, text: (await source.read(path)) ?? '' })));
  const mains = texts.filter(({ text }) => /\bstatic\s+void\s+main\s*\(/.test(text));
  const rank = ({ path, text }: { readonly path: string; readonly text: string }): number =>
    (serverWords.test(text) ? 2 : 0) + (/(?:Main|App|Application|Server)\.java$/.test(path) ? 1 : 0);
  const [best] = mains.toSorted((a, b) => rank(b) - rank(a));
  if (!best) return null;
  const name = /<artifactId>\s*([\w.-]+)\s*<\/artifactId>/.exec(withoutParent(pom))?.[1];
  return {
    main: best.path.slice('src/main/java/'.length, -'.java'.length).replaceAll('/', '.'),
    name: name ?? 'app',
    serves: texts.some(({ text }) => serverWords.test(text)),
  };
}

function withoutParent(pom: string): string {
  const start = pom.indexOf('<parent>');
  const end = start < 0 ? -1 : pom.indexOf('</parent>', start);
  return end < 0 ? pom : pom.slice(0, start) + pom.slice(end);
}
