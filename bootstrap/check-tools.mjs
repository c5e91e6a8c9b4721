import { delimiter, join } from 'node:path';
import { root, say } from './machine.mjs';
import { runSupervised } from './supervised.mjs';

/** What `npm run check` runs, in the order in which an answer comes quickest. Each counts as one in the tally. */
const tools = [
  { name: 'types', command: ['tsc', '-b'] },
  { name: 'lint', command: ['oxlint', '--deny-warnings'] },
  { name: 'format', command: ['oxfmt', '--check'] },
  { name: 'unused code', command: ['knip', '--no-progress', '--no-config-hints'] },
];

/** Runs every tool even after one has failed: one round shows everything that is wrong. */
export async function runChecks() {
  const tally = { passed: 0, failures: [], skipped: 0 };
  for (const { name, command } of tools) {
    const code = await runSupervised(command, { env: toolEnvironment(), limitSeconds: 300 });
    if (code === 0) tally.passed += 1;
    else tally.failures.push(`${name}: exit code ${code}`);
    say(`${code === 0 ? 'passed' : 'FAILED'}  ${name}`);
  }
  return tally;
}

/** The environment in which the tools of node_modules come first, on the pinned Node. */
export function toolEnvironment(extra = {}) {
  const { NODE_ENV: _, ...inherited } = process.env;
  return { ...inherited, PATH: `${join(root, 'node_modules/.bin')}${delimiter}${process.env['PATH']}`, ...extra };
}
