/**
 * A file of controls for these test ids: the same names in the same suites, and nothing but failure. Vitest and Jest have `describe` and
 * `it` of their own and take what is behind the first line.
 */
export function controlsSource(ids: readonly string[]): string {
  const controls = [...new Set(ids)].map((id) => {
    const names = id.slice(id.indexOf('::') + '::'.length).split(' > ');
    const fails = `it(${JSON.stringify(names.at(-1))}, () => { throw new Error('a control has to fail'); });`;
    return names
      .slice(0, -1)
      .reduceRight((inner, suite) => `describe(${JSON.stringify(suite)}, () => { ${inner} });`, fails);
  });
  return `import { describe, it } from 'node:test';\n${controls.join(' ')}\n`;
}
