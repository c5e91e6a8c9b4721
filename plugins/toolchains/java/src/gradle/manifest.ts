import type { SourceView } from '@devfactory/kit';
import { readCatalogue } from './catalogue.ts';
import { type Declared, readScript, type Script } from './read-script.ts';

export const scriptNames: readonly string[] = ['build.gradle.kts', 'build.gradle'];
const catalogueName = 'gradle/libs.versions.toml';
const lockName = 'gradle.lockfile';

/** What a Gradle project says of itself without its build script being run. */
export interface GradleManifest {
  readonly script: Script;
  /** A POM with the same dependencies: Maven fetches them, and runs nothing of them. */
  readonly pom: string;
  /** Another with the annotation processors; null when there are none. */
  readonly processors: string | null;
  /** Of the program. */
  readonly name: string;
  /** Why it cannot be built without Gradle; null when it can. */
  readonly cannot: string | null;
}

const scopes: Readonly<Record<string, string>> = {
  implementation: 'compile',
  api: 'compile',
  compile: 'compile',
  compileOnly: 'provided',
  compileOnlyApi: 'provided',
  runtimeOnly: 'runtime',
  developmentOnly: 'runtime',
  testImplementation: 'test',
  testCompile: 'test',
  testCompileOnly: 'test',
  testRuntimeOnly: 'test',
};

/** Null when the tree has no build script of Gradle's at its root. */
export async function readGradle(source: SourceView): Promise<GradleManifest | null> {
  const name = scriptNames.find((each) => source.paths.includes(each));
  if (name === undefined) return null;
  const [text = '', catalogue = '', properties = '', lock = '', settings = ''] = await Promise.all(
    [name, catalogueName, 'gradle.properties', lockName, name.replace('build', 'settings')].map(async (path) =>
      source.paths.includes(path) ? ((await source.read(path)) ?? '') : '',
    ),
  );
  const script = readScript(text, { properties: propertiesOf(properties), catalogue: readCatalogue(catalogue) });
  const processors = script.dependencies.filter(({ configuration }) => configuration === 'annotationProcessor');
  const locked = lockedVersions(lock);
  const platforms = platformsOf(script);
  return {
    script,
    pom: pomOf(script.dependencies, { locked, platforms }),
    processors:
      processors.length === 0
        ? null
        : pomOf(
            processors.map((each) => ({ ...each, configuration: 'api' })),
            { locked, platforms },
          ),
    name: /\brootProject\.name\s*=\s*["']([\w.-]+)["']/.exec(settings)?.[1] ?? 'app',
    cannot: cannot(name, { script, settings, paths: source.paths }),
  };
}

/** What phase 1 reads. */
export function gradleManifests(paths: readonly string[]): string[] {
  return paths.filter((path) => [...scriptNames, catalogueName, lockName, 'gradle.properties'].includes(path));
}

function cannot(
  name: string,
  {
    script,
    settings,
    paths,
  }: { readonly script: Script; readonly settings: string; readonly paths: readonly string[] },
): string | null {
  const [unread] = script.unread;
  const build =
    'Its commands can be named in devfactory.json ("build", "serve"), where everything it needs lies in the tree.';
  if (unread !== undefined)
    return `${name} is read and not run, and this line of it cannot be understood without running it: ${unread.replaceAll(/\s+/g, ' ').slice(0, 200)}. ${build}`;
  if (/\binclude\b/.test(settings.replaceAll(/\/\/[^\n]*/g, '')))
    return `The build script is read and not run, and builds of several projects (include in settings.gradle) are not understood. ${build}`;
  const foreign = paths.find((path) => /^src\/main\/(?:kotlin|groovy|scala)\/.+\.(?:kt|groovy|scala)$/.test(path));
  return foreign === undefined ? null : `The build script is read and not run, and ${foreign} is no Java. ${build}`;
}

function propertiesOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split('\n').flatMap((line) => {
      const at = line.indexOf('=');
      return at < 1 || line.trimStart().startsWith('#') ? [] : [[line.slice(0, at).trim(), line.slice(at + 1).trim()]];
    }),
  );
}

/** `group:name:version=configurations`, a line each: what Gradle resolved, transitive ones too. */
function lockedVersions(text: string): Declared[] {
  return [...text.matchAll(/^([\w.-]+):([\w.-]+):([\w.-]+)=/gm)].map(([, group = '', name = '', version = '']) => ({
    configuration: 'api',
    group,
    name,
    version,
    platform: false,
  }));
}

/** Spring's plugin gives versions as a platform would. */
function platformsOf({ plugins, dependencies }: Script): Declared[] {
  const boot = plugins.find(({ id }) => id === 'org.springframework.boot')?.version ?? null;
  const spring = {
    configuration: 'api',
    group: 'org.springframework.boot',
    name: 'spring-boot-dependencies',
    platform: true,
  };
  return [...dependencies.filter(({ platform }) => platform), ...(boot === null ? [] : [{ ...spring, version: boot }])];
}

function pomOf(
  dependencies: readonly Declared[],
  { locked, platforms }: { readonly locked: readonly Declared[]; readonly platforms: readonly Declared[] },
): string {
  const code = dependencies.filter(({ platform, configuration }) => !platform && scopes[configuration] !== undefined);
  const managed = [
    ...unique(locked).map((each) => dependency(each, '')),
    ...unique(platforms).map((each) => dependency(each, '<type>pom</type><scope>import</scope>')),
  ];
  const used = unique(code).map((each) =>
    dependency(each, `<scope>${scopes[each.configuration] ?? 'compile'}</scope>`),
  );
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion><groupId>read</groupId><artifactId>from-gradle</artifactId><version>1</version><packaging>pom</packaging><dependencyManagement><dependencies>${managed.join('')}</dependencies></dependencyManagement><dependencies>${used.join('')}</dependencies></project>`;
}

/** Declared for the program and for its tests it is there for the program. */
function unique(dependencies: readonly Declared[]): Declared[] {
  const order = ['compile', 'runtime', 'provided', 'test'];
  const rank = ({ configuration }: Declared): number => order.indexOf(scopes[configuration] ?? 'compile');
  const byName = new Map<string, Declared>();
  for (const each of dependencies) {
    const key = `${each.group}:${each.name}`;
    const before = byName.get(key);
    if (!before || rank(each) < rank(before)) byName.set(key, each);
  }
  return [...byName.values()];
}

function dependency({ group, name, version }: Declared, more: string): string {
  const given = version === null ? '' : `<version>${version}</version>`;
  return `<dependency><groupId>${group}</groupId><artifactId>${name}</artifactId>${given}${more}</dependency>`;
}
