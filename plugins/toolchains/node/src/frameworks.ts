/** Files that configure a test framework, the likeliest first. They decide what tests ask, so they are locked with them. */
const configNames: Readonly<Record<string, RegExp>> = {
  vitest: /^(?:vitest|vite)\.config\.[cm]?[jt]s$/,
  jest: /^jest\.config\.(?:[cm]?[jt]s|json)$/,
  mocha: /^\.mocharc\.(?:[cm]?js|jsonc?|ya?ml)$/,
};

/** What configures no framework by itself and is read by those that do. */
const beside =
  /^(?:babel\.config\.[cm]?js(?:on)?|\.babelrc(?:\.json)?|(?:src\/)?(?:vitest|jest|test|tests)[.-]?setup\.[cm]?[jt]sx?|(?:src\/)?setupTests?\.[cm]?[jt]sx?)$/i;

/** Names of frameworks and, of these paths, the one that configures each. */
export function configsOf(paths: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(configNames).flatMap(([name, pattern]) => {
      const own = paths
        .filter((path) => pattern.test(path))
        .toSorted()
        .toReversed();
      return own[0] === undefined ? [] : [[name, own[0]]];
    }),
  );
}

/** Whether what a test asks may depend on this file. */
export function decidesTests(path: string): boolean {
  return beside.test(path) || Object.values(configNames).some((pattern) => pattern.test(path));
}
