import type { Catalogue } from './read-script.ts';

type Library = Catalogue['libraries'] extends ReadonlyMap<string, infer T> ? T : never;

/** gradle/libs.versions.toml, as far as it is what Gradle makes of it: tables `versions`, `libraries`, `bundles` with inline values. */
export function readCatalogue(text: string): Catalogue {
  const tables = tablesOf(text);
  const versions = new Map(
    (tables.get('versions') ?? []).flatMap(([name, value]) =>
      quotedIn(value)
        .slice(0, 1)
        .map((version) => [name, version] as const),
    ),
  );
  const libraries = (tables.get('libraries') ?? []).flatMap(([name, value]) => {
    const library = libraryOf(value, versions);
    return library === null ? [] : [[accessor(name), library] as const];
  });
  const bundles = (tables.get('bundles') ?? []).map(
    ([name, value]) => [accessor(name), quotedIn(value).map(accessor)] as const,
  );
  return { libraries: new Map(libraries), bundles: new Map(bundles) };
}

/** Scripts write dots where the catalogue has dashes. */
function accessor(name: string): string {
  return name.replaceAll(/[-_]/g, '.');
}

function libraryOf(value: string, versions: ReadonlyMap<string, string>): Library | null {
  const of = (key: string): string | undefined =>
    new RegExp(String.raw`\b${key}\s*=\s*["']([^"']*)["']`).exec(value)?.[1];
  const whole = value.startsWith('{')
    ? (of('module') ?? `${of('group') ?? ''}:${of('name') ?? ''}`)
    : (quotedIn(value)[0] ?? '');
  const [group = '', name = '', own] = whole.split(':');
  if (group === '' || name === '') return null;
  const ref = of(String.raw`version\.ref`);
  const version = own ?? (ref === undefined ? of('version') : versions.get(ref));
  // A version that is a table (strictly, prefer) or is not there.
  if (version === undefined && /\bversion\b/.test(value)) return null;
  return { group, name, version: version ?? null };
}

function quotedIn(value: string): string[] {
  return [...value.matchAll(/["']([^"'\n]*)["']/g)].map(([, text = '']) => text);
}

/** Values as they stand there, arrays over several lines joined. */
function tablesOf(text: string): ReadonlyMap<string, readonly (readonly [string, string])[]> {
  const tables = new Map<string, [string, string][]>();
  let table: [string, string][] = [];
  let open = false;
  for (const raw of text.split('\n')) {
    const line = raw.replace(/^\s*#.*$/, '').trim();
    const last = table.at(-1);
    if (open && last) last[1] += line;
    else if (/^\[[\w.-]+\]$/.test(line)) {
      table = [];
      tables.set(line.slice(1, -1), table);
    } else if (line.includes('=')) {
      const at = line.indexOf('=');
      table.push([line.slice(0, at).trim().replaceAll(/["']/g, ''), line.slice(at + 1).trim()]);
    }
    const value = table.at(-1)?.[1] ?? '';
    open = value.startsWith('[') && !value.includes(']');
  }
  return tables;
}
