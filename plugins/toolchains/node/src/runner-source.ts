/**
 * The program that runs locked tests inside a sandbox. It takes its key from stdin before any project code is loaded, exports nothing,
 * and signs one line for each test (kit's test-report.ts has the format). Beside each file it runs one of controls: tests of the same
 * names that can only fail, so that code which makes the runner say "passed" is found out. Code under test shares its process: it can
 * still break a test that it runs in, which is why such evidence is marked as seen from inside.
 */
export const runnerSource = String.raw`import assert from 'node:assert';
import { createHmac } from 'node:crypto';
import { readFileSync, writeSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import test, { run } from 'node:test';

const key = readFileSync(0, 'utf8');
const root = process.cwd();
const files = process.argv.slice(2).map((path) => resolve(root, path));
const controls = files.map((_, index) => resolve(import.meta.dirname, 'controls-' + index + '.mjs'));
let sequence = 0;

// Assertions that agree with everything would be the easiest lie.
for (const shared of [assert, assert.strict, assert.AssertionError.prototype, test]) Object.freeze(shared);

function write(text) {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
    }
  }
}

function report(id, outcome) {
  sequence += 1;
  const body = Buffer.from(JSON.stringify({ id, outcome })).toString('base64');
  const mac = createHmac('sha256', key).update(sequence + '.' + body).digest('hex');
  write('\n@@devfactory ' + sequence + ' ' + mac + ' ' + body + '\n');
}

const names = [];
const fileOf = (file) => relative(root, files[controls.indexOf(file)] ?? file ?? '');
const idOf = ({ file, name, nesting }) => fileOf(file) + '::' + [...names.slice(0, nesting), name].join(' > ');
const controlsGoFirst = (path) => (createHmac('sha256', key).update('control.' + relative(root, path)).digest()[0] & 1) === 1;
const order = files.flatMap((path, index) => (controlsGoFirst(path) ? [controls[index], path] : [path, controls[index]]));

const events = run({ files: order, isolation: 'none', concurrency: 1, forceExit: true });
events.on('test:start', ({ name, nesting }) => {
  names.length = nesting;
  names.push(name);
});
events.on('test:pass', (event) => {
  const skipped = event.skip !== undefined || event.todo !== undefined;
  if (event.details?.type !== 'suite') report(idOf(event), skipped ? 'skipped' : 'passed');
});
events.on('test:fail', (event) => {
  const error = event.details?.error;
  if (!controls.includes(event.file)) write('\n' + idOf(event) + ' failed: ' + String(error?.cause?.stack ?? error?.cause ?? error) + '\n');
  if (event.details?.type !== 'suite') report(idOf(event), event.todo === undefined ? 'failed' : 'skipped');
  else if (error?.failureType === 'hookFailed') report(idOf(event) + ' > *', 'failed');
});
`;

/** A file of controls for these test ids: the same names in the same suites, and nothing but failure. */
export function controlsSource(ids: readonly string[]): string {
  const controls = [...new Set(ids)].map((id) => {
    const names = id.slice(id.indexOf('::') + '::'.length).split(' > ');
    const fails = `it(${JSON.stringify(names.at(-1))}, () => { throw new Error('a control has to fail'); });`;
    return names
      .slice(0, -1)
      .reduceRight((inner, suite) => `describe(${JSON.stringify(suite)}, () => { ${inner} });`, fails);
  });
  return ["import { describe, it } from 'node:test';", ...controls, ''].join('\n');
}
