import { join } from 'node:path';
import { runChild } from './child.mjs';
import { main, root, runtimeNode } from './machine.mjs';
import { prepare } from './prepare.mjs';

await main(async () => {
  // What is measured is what a first install runs: the built factory.
  await prepare();
  return runChild([runtimeNode(), join(root, 'bench/main.ts'), ...process.argv.slice(2)], { stdio: 'inherit' });
});
