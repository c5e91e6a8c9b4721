import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { runChild } from './child.mjs';
import { root, runtimeNode, say, SetupError } from './machine.mjs';
import { installPackages, packagesAreInstalled } from './packages.mjs';
import { withSetUpLock } from './set-up-lock.mjs';
import { isBuilt, projects, sourceDigest } from './sources.mjs';

/** Brings packages and build up to date, once even when several starts ask at the same time. Warm: only reads. */
export async function prepare({ full = false, build = true } = {}) {
  const ready = () => packagesAreInstalled({ full }) && (!build || isBuilt(sourceDigest()));
  if (ready()) return;
  requireWritableFolders();
  await withSetUpLock(async () => {
    if (!packagesAreInstalled({ full })) await installPackages({ full });
    if (build && !isBuilt(sourceDigest())) await runBuild();
  });
}

async function runBuild() {
  say('Building.');
  const code = await runChild([runtimeNode(), join(root, 'bootstrap/build.mjs')]);
  if (code !== 0) throw new SetupError('the build failed; its reason is above.');
}

/** Looks at what set-up writes to, also where an earlier start by root left folders that are root's. */
function requireWritableFolders() {
  const outputs = ['.build', 'node_modules', ...projects().map((project) => join(project, 'dist'))];
  for (const folder of [root, ...outputs.map((output) => join(root, output)).filter((path) => existsSync(path))]) {
    try {
      accessSync(folder, constants.W_OK);
    } catch (error) {
      const why = error.code === 'EROFS' ? 'is on a read-only file system' : `belongs to uid ${statSync(folder).uid}`;
      throw new SetupError(
        `${folder} ${why} and uid ${process.getuid?.()} cannot write to it, but packages or build must be brought up to date. ` +
          `Start once as its owner, or work in a copy of your own: git clone ${root} ~/devfactory`,
      );
    }
  }
}
