import type { SourceView } from '@devfactory/kit';

/** What detection reads of a package.json. Members of a wrong type are as if they were not there. */
export interface PackageManifest {
  readonly scripts: Readonly<Record<string, string>>;
  /** Names of all packages that npm would install for it. */
  readonly dependencies: readonly string[];
  readonly main: string | null;
  readonly workspaces: boolean;
}

/** Null when there is none; 'broken' when it is no JSON object. */
export async function readManifest(source: SourceView): Promise<PackageManifest | 'broken' | null> {
  if (!source.paths.includes('package.json')) return null;
  const text = await source.read('package.json');
  const value = text === null ? null : parse(text);
  if (!isRecord(value)) return 'broken';
  const groups = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];
  return {
    scripts: Object.fromEntries(
      Object.entries(recordOf(value['scripts'])).flatMap(([name, script]) =>
        typeof script === 'string' ? [[name, script]] : [],
      ),
    ),
    dependencies: groups.flatMap((group) => Object.keys(recordOf(value[group]))),
    main: typeof value['main'] === 'string' ? value['main'].replace(/^\.\//, '') : null,
    workspaces: value['workspaces'] !== undefined,
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return null;
  }
}

function recordOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
