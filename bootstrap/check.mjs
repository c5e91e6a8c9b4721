import { runChecks } from './check-tools.mjs';
import { main } from './machine.mjs';
import { prepare } from './prepare.mjs';

await main(async () => {
  await prepare({ full: true, build: false });
  const { failures } = await runChecks();
  return failures.length === 0 ? 0 : 1;
});
