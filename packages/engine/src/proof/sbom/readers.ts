import { purl, type Component, type SbomReader } from './component.ts';

/** package-lock.json, versions 2 and 3. */
const npm: SbomReader = (text) => {
  const lock = JSON.parse(text) as { packages?: Record<string, { version?: string; integrity?: string; link?: true }> };
  return Object.entries(lock.packages ?? {}).flatMap(([path, { version, integrity, link }]): Component[] => {
    const at = path.lastIndexOf('node_modules/');
    if (at < 0 || version === undefined || link) return [];
    const name = path.slice(at + 'node_modules/'.length);
    const [, kind, base64 = ''] = /^(sha(?:256|384|512))-([A-Za-z0-9+/=]+)$/.exec(integrity ?? '') ?? [];
    const hashes = kind
      ? { hashes: [{ alg: kind.replace('sha', 'SHA-'), content: Buffer.from(base64, 'base64').toString('hex') }] }
      : {};
    return [{ name, version, purl: purl('npm', name, version), ...hashes }];
  });
};

/** yarn.lock, of the first version and of those after it. */
const yarn: SbomReader = (text) =>
  matches(
    text,
    /^"?((?:@[^@\s/"]{1,100}\/)?[^@\s/"]{1,100})@(?!workspace:)[^\n]{1,2000}:\n {2}version:? "?(\d[^"\s]{0,100})"?$/gm,
  ).map(([name, version]) => ({ name, version, purl: purl('npm', name, version) }));

/** pnpm-lock.yaml: each package is a key of two levels' depth. */
const pnpm: SbomReader = (text) =>
  matches(
    text,
    /^ {2}'?\/?((?:@[^@\s/']{1,100}\/)?[^@\s/'(]{1,100})@(\d[^\s:'(]{0,100})[^\n]{0,2000}:(?: \{\})?$/gm,
  ).map(([name, version]) => ({ name, version, purl: purl('npm', name, version) }));

/** Only what is pinned: a range names no component. */
const python: SbomReader = (text) =>
  matches(text, /^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?\s*==\s*([A-Za-z0-9.!+_-]+)/gm).map(([name, version]) => ({
    name,
    version,
    purl: pypi(name, version),
  }));

/** poetry.lock and uv.lock. */
const pythonLock: SbomReader = (text) =>
  text.split('[[package]]').flatMap((block): Component[] => {
    const value = (key: string) => new RegExp(`^${key} = "([^"]{1,200})"`, 'm').exec(block)?.[1];
    const [name, version] = [value('name'), value('version')];
    // uv lists the project itself, too.
    const own = /^source = \{ (?:virtual|editable|directory) = /m.test(block);
    return name === undefined || version === undefined || own ? [] : [{ name, version, purl: pypi(name, version) }];
  });

function pypi(name: string, version: string): string {
  return purl('pypi', name.toLowerCase().replaceAll(/[._-]+/g, '-'), version);
}

const go: SbomReader = (text) =>
  matches(text, /^(?:require\s+|\s+)([\w.~-]+\.[\w./~-]+)\s+(v[\w.+-]+)/gm).map(([name, version]) => ({
    name,
    version,
    purl: purl('golang', name, version),
  }));

const cargo: SbomReader = (text) =>
  text.split('[[package]]').flatMap((block): Component[] => {
    const value = (key: string) => new RegExp(`^${key} = "([^"]+)"`, 'm').exec(block)?.[1];
    const [name, version, source, checksum] = [value('name'), value('version'), value('source'), value('checksum')];
    // Without a source it is the project's own.
    if (name === undefined || version === undefined || source === undefined) return [];
    const hashes = checksum === undefined ? {} : { hashes: [{ alg: 'SHA-256', content: checksum }] };
    return [{ name, version, purl: purl('cargo', name, version), ...hashes }];
  });

const maven: SbomReader = (text) => {
  const properties = new Map(matches(text, /<([\w.-]+)>([^<>]{0,200})<\/\1>/g));
  // Names and versions are short: a file of a stranger's must not grow by what it says of itself.
  const plain = (value: string): string =>
    value
      .trim()
      .slice(0, 200)
      .replaceAll(/\$\{([^}]+)\}/g, (all, key: string) => properties.get(key) ?? all);
  return [...text.matchAll(/<dependency>([\s\S]*?)<\/dependency>/g)].flatMap(([, body = '']): Component[] => {
    const value = (key: string) => plain(new RegExp(`<${key}>([^<]*)</${key}>`).exec(body)?.[1] ?? '');
    const [group, name, version] = [value('groupId'), value('artifactId'), value('version')];
    if (group === '' || name === '' || version === '' || version.includes('${')) return [];
    return [{ name: `${group}:${name}`, version, purl: purl('maven', `${group}/${name}`, version) }];
  });
};

/** gradle.lockfile: `group:name:version=configurations`. */
const gradleLock: SbomReader = (text) => coordinates(text, /^([\w.-]{1,200}):([\w.-]{1,200}):([\w.+-]{1,100})=/gm);

/** build.gradle, in both languages: what it names in one string with a version that is one. */
const gradle: SbomReader = (text) => coordinates(text, /["']([\w.-]{1,200}):([\w.-]{1,200}):(\d[\w.-]{0,100})["']/g);

function coordinates(text: string, pattern: RegExp): Component[] {
  return [...text.matchAll(pattern)].map(([, group = '', artifact = '', version = '']) => ({
    name: `${group}:${artifact}`,
    version,
    purl: purl('maven', `${group}/${artifact}`, version),
  }));
}

function matches(text: string, pattern: RegExp): [string, string][] {
  return [...text.matchAll(pattern)].map(([, one = '', two = '']) => [one, two]);
}

/** By name of the file. A lock file says more than the manifest beside it. */
export const sbomReaders: Readonly<Record<string, SbomReader>> = {
  'package-lock.json': npm,
  'yarn.lock': yarn,
  'pnpm-lock.yaml': pnpm,
  'requirements.txt': python,
  'poetry.lock': pythonLock,
  'uv.lock': pythonLock,
  'go.mod': go,
  'Cargo.lock': cargo,
  'pom.xml': maven,
  'gradle.lockfile': gradleLock,
  'build.gradle': gradle,
  'build.gradle.kts': gradle,
};
