import type { SourceView } from '@devfactory/kit';
import { dependencyPlugin, environment, fetchRunner, useMirror } from './fetch.ts';
import { dependencies } from './jvm.ts';
import { buildMs, installMs, type Kind } from './kind.ts';
import { launcherSource } from './launcher-source.ts';
import { programOf, programScript, scriptOf } from './program.ts';

const plugins = 'org.apache.maven.plugins';

/** Plugins and artifacts, the class paths as the pom gives them, and JUnit with our launcher. No phase of the project runs. */
const download = `${useMirror}
maven ${dependencyPlugin}:go-offline
# Maven 3 gives plugins that name no plexus-utils this one, and go-offline does not know.
maven ${dependencyPlugin}:get -Dartifact=org.codehaus.plexus:plexus-utils:1.1
maven ${dependencyPlugin}:build-classpath -Dmdep.includeScope=test "-Dmdep.outputFile=$PWD/${dependencies}/test-classpath"
maven ${dependencyPlugin}:build-classpath -Dmdep.includeScope=runtime "-Dmdep.outputFile=$PWD/${dependencies}/classpath"
${fetchRunner}`;

/**
 * Its own tests are not the verifier's: they are neither compiled nor run here. A plugin that only a file beside the pom.xml switches on,
 * or that fetches more while it runs, was not fetched in phase 1: then the classes alone are made, which is what checks need.
 */
const build = `
if ! maven --offline -Dmaven.test.skip=true package > "$HOME/build.log" 2>&1; then
  cat "$HOME/build.log"
  grep -q 'in offline mode' "$HOME/build.log" || exit 1
  echo 'Not all plugins of this build are there without a network; only resources and classes are made.'
  maven --offline ${plugins}:maven-resources-plugin:resources ${plugins}:maven-compiler-plugin:compile
fi
${programScript}`;

/** Maven projects, by pom.xml at the root. */
export async function mavenKind(source: SourceView): Promise<Kind> {
  const pom = (await source.read('pom.xml')) ?? '';
  const name = /<artifactId>\s*([\w.-]+)\s*<\/artifactId>/.exec(withoutParent(pom))?.[1];
  const program = await programOf(source, { name: name ?? 'app', main: null });
  return {
    title: 'Java with Maven',
    program,
    install: [
      { argv: ['/bin/bash', '-c', `${environment}${download}`, 'install', launcherSource], timeoutMs: installMs },
    ],
    manifests: source.paths.filter((path) => /^(?:[^/]+\/)*pom\.xml$/.test(path)),
    build: [{ argv: ['/bin/bash', '-c', environment + build, 'build', ...scriptOf(program)], timeoutMs: buildMs }],
  };
}

function withoutParent(pom: string): string {
  const start = pom.indexOf('<parent>');
  const end = start < 0 ? -1 : pom.indexOf('</parent>', start);
  return end < 0 ? pom : pom.slice(0, start) + pom.slice(end);
}
