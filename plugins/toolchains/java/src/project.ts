import { buildOf, failingCommand, type Project, readProjectFile, serveOf, type SourceView } from '@devfactory/kit';
import { gradleKind } from './gradle/gradle.ts';
import { dependencies } from './jvm.ts';
import type { Kind } from './kind.ts';
import { mavenKind } from './maven.ts';
import { programOf, start } from './program.ts';

/** Maven and Gradle projects by their manifest at the root, others by devfactory.json. */
export async function detectJava(source: SourceView, registryHosts: readonly string[]): Promise<Project | null> {
  const named = await readProjectFile(source, 'java');
  const words = named === null || 'broken' in named ? null : named;
  const kind = source.paths.includes('pom.xml') ? await mavenKind(source) : await gradleKind(source);
  if (kind === null && words === null) return null;
  const { title, program, install, manifests, build } = kind ?? (await plainKind(source));
  return {
    toolchain: 'java',
    title,
    install,
    manifests,
    dependencyPaths: kind === null ? [] : [dependencies],
    binPaths: ['.devfactory/bin'],
    registryHosts,
    build: named !== null && 'broken' in named ? [failingCommand(named.broken)] : (buildOf(words) ?? build),
    serve: (port) => serveOf(words, port) ?? (program?.serves ? start(program, port) : null),
  };
}

async function plainKind(source: SourceView): Promise<Kind> {
  const program = await programOf(source, { name: 'app', main: null });
  return { title: 'Java', program, install: [], manifests: [], build: [] };
}
