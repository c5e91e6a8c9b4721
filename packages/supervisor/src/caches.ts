/** A folder that its tools make again: left out of checkpoints, listed by name. It must have this name, its marker, or both. */
export interface CacheRule {
  readonly folder?: string;
  /** Left out only where one of these lies beside the folder. */
  readonly beside?: readonly string[];
  /** Left out only where this lies in the folder. */
  readonly inside?: string;
}

const gradle = ['build.gradle', 'build.gradle.kts', 'settings.gradle', 'settings.gradle.kts'];

export const cacheRules: readonly CacheRule[] = [
  { folder: 'node_modules', beside: ['package.json'] },
  { folder: '.next', beside: ['package.json'] },
  { folder: '.turbo', beside: ['package.json'] },
  { folder: '.parcel-cache', beside: ['package.json'] },
  { folder: 'target', beside: ['Cargo.toml', 'pom.xml'] },
  { folder: '.gradle', beside: gradle },
  { folder: 'build', beside: gradle },
  { folder: '.dart_tool', beside: ['pubspec.yaml'] },
  { folder: '.tox', beside: ['tox.ini', 'pyproject.toml', 'setup.cfg'] },
  { folder: '__pycache__' },
  { folder: '.pytest_cache' },
  { folder: '.mypy_cache' },
  { folder: '.ruff_cache' },
  { inside: 'pyvenv.cfg' },
];

/** Whether a folder is such a cache. `isInside` looks for a name in it and is asked only where a rule needs that. */
export function isCache(name: string, siblings: ReadonlySet<string>, isInside: (name: string) => boolean): boolean {
  return cacheRules.some(
    (rule) =>
      (rule.folder === undefined || rule.folder === name) &&
      (rule.beside === undefined || rule.beside.some((each) => siblings.has(each))) &&
      (rule.inside === undefined || isInside(rule.inside)),
  );
}
