import { writeFileSync } from 'node:fs';

/** Writes what the tally needs. Vitest's own JSON report drops the reason of `context.skip(reason)`. */
export default class TallyReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const tests = modules.flatMap((module) =>
      [...module.children.allTests()].map((test) => {
        const result = test.result();
        return { name: test.fullName, state: result.state, note: result.note };
      }),
    );
    const suites = modules.flatMap((module) => [module, ...module.children.allSuites()]);
    const errors = unhandledErrors.length + suites.flatMap((suite) => suite.errors()).length;
    writeFileSync(process.env['DEVFACTORY_VITEST_REPORT'], JSON.stringify({ tests, errors }));
  }
}
