import { accessSync, constants, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { runChild } from './child.mjs';
import { root, runtimeNode, say, SetupError } from './machine.mjs';
import { installPackages, packagesAreInstalled } from './packages.mjs';
import { withSetUpLock } from './set-up-lock.mjs';
import { isBuilt, sourceDigest } from './sources.mjs';

/** Brings packages and build up to date, once even when several starts ask at the same time. Warm: only reads. */
export async function prepare({ full = false, build = true } = {}) {
  const ready = () => packagesAreInstalled({ full }) && (!build || isBuilt(sourceDigest()));
  if (ready()) return;
  requireWritableFolder();
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

function requireWritableFolder() {
  try {
    accessSync(root, constants.W_OK);
  } catch (error) {
    const why = error.code === 'EROFS' ? 'is on a read-only file system' : `belongs to uid ${statSync(root).uid}`;
    throw new SetupError(
      `${root} ${why} and ${userInfo().username} cannot write to it, but packages or build must be brought up to date. ` +
        `Start once as its owner, or use your own copy: git clone ${root} ~/devfactory`,
    );
  }
}
