import { join } from 'node:path';
import { runChild } from './child.mjs';
import { main, root, runtimeNode } from './machine.mjs';
import { prepare } from './prepare.mjs';
import { requireSystemPackages } from './system-packages.mjs';

await main(async () => {
  const args = process.argv.slice(2);
  await requireSystemPackages();
  await prepare();
  const cli = join(root, 'packages/cli/dist/main.js');
  return runChild([runtimeNode(), '--enable-source-maps', cli, ...(args.length === 0 ? ['up'] : args)], {
    // npm changes to this folder; relative paths in the arguments mean the folder that the person stood in.
    cwd: process.env['INIT_CWD'] ?? process.cwd(),
    // The machine's certificates count, not only those that Node brings along.
    // What Node compiled it keeps beside the build: the next start need not do it again. Where it may not write it does without.
    env: { NODE_USE_SYSTEM_CA: '1', NODE_COMPILE_CACHE: join(root, '.build/compiled'), ...process.env },
    stdio: 'inherit',
  });
});
