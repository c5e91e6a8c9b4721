/**
 * The program that runs locked tests inside a sandbox. It takes its key from stdin before any project code is loaded, exports nothing,
 * and signs one line for each test (kit's test-report.ts has the format). Beside each file it runs controls: tests of the same names
 * that can only fail, so that code which makes the runner say "passed" is found out. Which framework a file is for, its own text says;
 * where that is silent, what is installed. Code under test may share its process: it can still break a test that it runs in, which is
 * why such evidence is marked as seen from inside.
 */
export const runnerSource = String.raw`import assert from 'node:assert';
import { createHmac } from 'node:crypto';
import { existsSync, readFileSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

// "configs" are locked files of frameworks by their names, "tests" what each file is asked for.
const { key, configs, tests } = JSON.parse(readFileSync(0, 'utf8'));
const root = process.cwd();
const installed = createRequire(join(root, 'package.json'));
let sequence = 0;

// Assertions that agree with everything would be the easiest lie.
for (const shared of [assert, assert.strict, assert.AssertionError.prototype]) Object.freeze(shared);

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

const failed = (id, error) => write('\n' + id + ' failed: ' + String(error?.stack ?? error?.message ?? error) + '\n');
const controlsGoFirst = (path) => (createHmac('sha256', key).update('control.' + path).digest()[0] & 1) === 1;

function folderOf(name) {
  try {
    return dirname(installed.resolve(name + '/package.json'));
  } catch {
    return null;
  }
}

const named = [
  ['node', /['"](?:node:test|test)['"]/],
  ['vitest', /['"]vitest['"]/],
  ['jest', /['"]@jest\/globals['"]/],
];

function frameworkOf(path) {
  const text = existsSync(resolve(root, path)) ? readFileSync(resolve(root, path), 'utf8') : '';
  const byText = named.find(([, words]) => words.test(text))?.[0];
  const [framework = 'node'] = byText ? [byText] : ['jest', 'mocha', 'vitest'].filter((name) => folderOf(name) !== null);
  return framework === 'node' || folderOf(framework) === null ? 'node' : framework;
}

const files = Object.keys(tests).map((path, index) => ({ path, index, ids: tests[path], framework: frameworkOf(path) }));
// Node's own comes last: it ends the process, whatever is left open.
for (const framework of ['vitest', 'jest', 'mocha', 'node']) {
  const own = files.filter((file) => file.framework === framework);
  if (own.length === 0) continue;
  const { runFiles } = await import('./' + framework + '.mjs');
  const config = configs[framework] === undefined ? null : resolve(root, configs[framework]);
  await runFiles(own, { root, config, folder: folderOf(framework), installed, report, failed, controlsGoFirst });
}
process.exit();
`;
