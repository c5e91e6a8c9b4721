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
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const part of parts) {
    const tally = await part();
    for (const key of Object.keys(sum)) sum[key] += tally[key];
  }
  process.stdout.write(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped\n`);
  return sum.failed === 0 && sum.passed > 0 ? 0 : 1;
});

function runShortTests() {
  return runVitest({ long: false });
}

function runLongTests() {
  return runVitest({ long: true });
}

async function runBuild() {
  const code = await runSupervised(['node', 'bootstrap/build.mjs'], { env: toolEnvironment(), limitSeconds: 300 });
  say(`${code === 0 ? 'passed' : 'FAILED'}  build`);
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
}
