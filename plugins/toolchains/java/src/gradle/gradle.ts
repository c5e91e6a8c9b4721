import { failingCommand, type SourceView } from '@devfactory/kit';
import { dependencyPlugin, environment, fetchRunner, useMirror } from '../fetch.ts';
import { dependencies } from '../jvm.ts';
import { buildMs, installMs, type Kind } from '../kind.ts';
import { launcherSource } from '../launcher-source.ts';
import { programOf, programScript, scriptOf } from '../program.ts';
import { gradleManifests, readGradle } from './manifest.ts';

/** What the build script was read to depend on ($2; annotation processors: $3), fetched by Maven; no Gradle and no script runs. */
const download = `${useMirror}
read_paths() {
  maven --file "$HOME/$1/pom.xml" ${dependencyPlugin}:build-classpath "-Dmdep.includeScope=$2" "-Dmdep.outputFile=$PWD/${dependencies}/$3"
  [ -e "${dependencies}/$3" ] || : > "${dependencies}/$3"
}
mkdir -p "$HOME/read" "$HOME/processors"
printf '%s' "$2" > "$HOME/read/pom.xml"
read_paths read test test-classpath
read_paths read runtime classpath
read_paths read compile compile-classpath
if [ -n "$3" ]; then
  printf '%s' "$3" > "$HOME/processors/pom.xml"
  read_paths processors runtime processors
fi
${fetchRunner}`;

/** The folders that Gradle's Java plugin takes by itself. Given: the Java release or '', and the program. */
const compile = `
release="$1"; shift
rm -rf target/classes && mkdir -p target/classes
if [ -d src/main/resources ]; then cp -R src/main/resources/. target/classes/; fi
if [ -d src/main/java ] && find src/main/java -name '*.java' -printf '"%p"\\n' > "$HOME/sources" && [ -s "$HOME/sources" ]; then
  processors=-proc:none
  if [ -s ${dependencies}/processors ]; then processors="--processor-path=$(cat ${dependencies}/processors)"; fi
  javac -J-Xmx768m -J-XX:+UseSerialGC -encoding UTF-8 -parameters \${release:+--release "$release"} "$processors" -d target/classes -cp "$(cat ${dependencies}/compile-classpath)" "@$HOME/sources"
fi
${programScript}`;

/** Gradle projects, by what their build script says without being run. Null when there is none. */
export async function gradleKind(source: SourceView): Promise<Kind | null> {
  const manifest = await readGradle(source);
  if (manifest === null) return null;
  const { script, pom, processors, cannot, name } = manifest;
  const program = await programOf(source, { name, main: script.mainClass });
  const install = ['/bin/bash', '-c', environment + download, 'install', launcherSource, pom, processors ?? ''];
  const build = ['/bin/bash', '-c', environment + compile, 'build', script.javaVersion ?? '', ...scriptOf(program)];
  return {
    title: 'Java with Gradle (its build script is read, not run)',
    program,
    install: [{ argv: install, timeoutMs: installMs }],
    manifests: gradleManifests(source.paths),
    build: cannot === null ? [{ argv: build, timeoutMs: buildMs }] : [failingCommand(cannot)],
  };
}
