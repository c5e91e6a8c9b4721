/**
 * Makes what assertions are made of unchangeable, so that code under test cannot make them agree. A piece of program for a place where
 * `chai`, `expect` and `nodeAssert` are names, of nothing where they are not there.
 */
export const lock = String.raw`
const keep = (object) => {
  for (const [name, found] of object ? Object.entries(Object.getOwnPropertyDescriptors(object)) : []) {
    if (!found.configurable) continue;
    Object.defineProperty(object, name, 'value' in found ? { ...found, writable: false, configurable: false } : { ...found, configurable: false });
  }
};
const held = globalThis[Symbol.for('$$jest-matchers-object')];
for (const made of [chai?.Assertion?.prototype, chai?.assert, chai?.util, expect, held?.matchers, held]) keep(made);
for (const shared of [nodeAssert, nodeAssert?.strict, nodeAssert?.AssertionError?.prototype]) if (shared) Object.freeze(shared);
if (globalThis.expect) Object.defineProperty(globalThis, 'expect', { value: globalThis.expect, writable: false, configurable: false });
`;

/** The same as a module's export. */
export const lockSource = `export const lockSource = ${JSON.stringify(lock)};\n`;
