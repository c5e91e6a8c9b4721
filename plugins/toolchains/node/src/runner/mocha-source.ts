/** Mocha, in the process that signs, one file after the other. Controls are made by its own classes, before the file's tests or behind them. */
export const mochaSource = String.raw`import nodeAssert from 'node:assert';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { lockSource } from './lock.mjs';

export async function runFiles(own, { root, config, folder, installed, report, failed, controlsGoFirst }) {
  const beside = createRequire(join(folder, 'package.json'));
  const Mocha = beside('mocha');
  const words = config === null ? {} : beside('mocha/lib/cli/options.js').loadOptions(['--config', config, '--no-package', '--no-opts']) ?? {};
  await lockChai(installed);
  const plugins = [];
  for (const name of [words.require ?? []].flat()) plugins.push(await load(name, { root, installed }));
  for (const { path, ids } of own) {
    const file = resolve(root, path);
    if (!existsSync(file)) continue;
    const mocha = new Mocha({
      ui: words.ui ?? 'bdd', timeout: words.timeout ?? 10_000, reporter: class {}, forbidOnly: false, retries: 0, bail: false,
      rootHooks: hooksOf(plugins),
    });
    const addControls = () => {
      for (const id of ids) {
        const names = id.slice(id.indexOf('::') + 2).split(' > ');
        const suite = names.slice(0, -1).reduce((parent, name) => Mocha.Suite.create(parent, name), mocha.suite);
        suite.addTest(new Mocha.Test(names.at(-1), () => { throw new Error('a control has to fail'); }));
      }
    };
    if (controlsGoFirst(path)) addControls();
    mocha.addFile(file);
    try {
      await mocha.loadFilesAsync();
    } catch (error) {
      failed(path, error);
      continue;
    }
    if (!controlsGoFirst(path)) addControls();
    const idOf = (test) => path + '::' + test.titlePath().join(' > ');
    await new Promise((ended) => {
      const runner = mocha.run(ended);
      runner.on('pass', (test) => report(idOf(test), 'passed'));
      runner.on('pending', (test) => report(idOf(test), 'skipped'));
      runner.on('fail', (test, error) => {
        if (error?.message !== 'a control has to fail') failed(idOf(test), error);
        if (test.type === 'hook') report([path + '::' + test.parent.titlePath().join(' > '), '*'].join(' > '), 'failed');
        else report(idOf(test), 'failed');
      });
    });
  }
}

const hooksOf = (plugins) => plugins.map((plugin) => plugin?.mochaHooks ?? plugin?.default?.mochaHooks).find((hooks) => typeof hooks === 'object');

async function load(name, { root, installed }) {
  const path = name.startsWith('.') || existsSync(resolve(root, name)) ? resolve(root, name) : installed.resolve(name);
  return import(pathToFileURL(path).href);
}

/** chai may be both: what is imported and what is required. */
async function lockChai(installed) {
  const ways = [() => installed('chai'), () => import(pathToFileURL(installed.resolve('chai')).href).then((module) => module.default ?? module)];
  for (const way of ways) {
    let chai;
    try {
      chai = await way();
    } catch {
      continue;
    }
    new Function('chai', 'expect', 'nodeAssert', lockSource)(chai, chai.expect, nodeAssert);
  }
}
`;
