/**
 * Hosts of the package registries that everybody uses unless told otherwise. What a toolchain asks for, what a driver lets through and what
 * doctor tries must be the same names, so they stand here once.
 */
export const publicRegistries = {
  npm: 'registry.npmjs.org',
  python: 'pypi.org',
  /** Where the Python index keeps its files. */
  pythonFiles: 'files.pythonhosted.org',
} as const;
