import { runChecks, toolEnvironment } from './check-tools.mjs';
import { main, say } from './machine.mjs';
import { prepare } from './prepare.mjs';
import { runSupervised } from './supervised.mjs';
import { aptCommand, installMissing, runtimePackages, testPackages } from './system-packages.mjs';
import { runPlaywright, runVitest } from './test-runners.mjs';

await main(async () => {
  const long = process.argv.includes('--long');
  const missing = await installMissing([...runtimePackages, ...testPackages]);
  // Tests that need one of these skip themselves and say so; everything else can still be tested.
  if (missing.length > 0) say(`Without ${missing.join(', ')} some tests are skipped: ${aptCommand(missing)}`);
  await prepare({ full: true, build: false });

  const parts = long ? [runLongTests] : [runChecks, runBuild, runShortTests, runPlaywright];
  const tallies = [];
  for (const part of parts) tallies.push(await part());
  const sum = (key) => tallies.reduce((total, tally) => total + tally[key], 0);
  const failures = tallies.flatMap((tally) => tally.failures);
  // Last, where the end of a long log shows them.
  for (const failure of failures) say(`FAILED   ${failure}`);
  process.stdout.write(`${sum('passed')} passed, ${failures.length} failed, ${sum('skipped')} skipped\n`);
  return failures.length === 0 && sum('passed') > 0 ? 0 : 1;
});

function runShortTests() {
  return runVitest({ long: false });
}

function runLongTests() {
  return runVitest({ long: true });
}

async function runBuild() {
  const code = await runSupervised(['node', 'bootstrap/build.mjs'], { env: toolEnvironment(), limitSeconds: 300 });
  if (code === 0) say('passed  build');
  return { passed: code === 0 ? 1 : 0, failures: code === 0 ? [] : [`build: exit code ${code}`], skipped: 0 };
}
