/**
 * Hosts of the package registries that everybody uses unless told otherwise. What a toolchain asks for, what a driver lets through and what
 * doctor tries must be the same names, so they stand here once.
 */
export const publicRegistries = {
  npm: 'registry.npmjs.org',
  python: 'pypi.org',
  /** Where the Python index keeps its files. */
  pythonFiles: 'files.pythonhosted.org',
  go: 'proxy.golang.org',
  /** Go's record of what each module's bytes were; the proxy answers for it too. */
  goSums: 'sum.golang.org',
  rust: 'index.crates.io',
  rustFiles: 'static.crates.io',
  maven: 'repo.maven.apache.org',
} as const;
