/** Node's own test runner, in the process that signs. */
export const nodeSource = String.raw`import { join, relative, resolve } from 'node:path';
import test, { run } from 'node:test';

Object.freeze(test);

export async function runFiles(own, { root, report, failed, controlsGoFirst }) {
  const files = own.map(({ path }) => resolve(root, path));
  const controls = own.map(({ index }) => join(import.meta.dirname, 'controls-' + index + '.mjs'));
  const names = [];
  const fileOf = (file) => relative(root, files[controls.indexOf(file)] ?? file ?? '');
  const idOf = ({ file, name, nesting }) => fileOf(file) + '::' + [...names.slice(0, nesting), name].join(' > ');
  const order = own.flatMap(({ path }, at) => (controlsGoFirst(path) ? [controls[at], files[at]] : [files[at], controls[at]]));

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
    if (!controls.includes(event.file)) failed(idOf(event), error?.cause ?? error);
    if (event.details?.type !== 'suite') report(idOf(event), event.todo === undefined ? 'failed' : 'skipped');
    else if (error?.failureType === 'hookFailed') report(idOf(event) + ' > *', 'failed');
  });
  await new Promise((ended) => events.on('close', ended).resume());
}
`;
