import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';

/** Writes what the tally needs. Vitest's own JSON report drops the reason of `context.skip(reason)`. */
export default class TallyReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const tests = modules.flatMap((module) =>
      [...module.children.allTests()].map((test) => {
        const { state, note, errors } = test.result();
        return { file: fileOf(module), name: test.fullName, state, note, problem: firstLine(errors?.[0]) };
      }),
    );
    const broken = modules.flatMap((module) =>
      [module, ...module.children.allSuites()].flatMap((suite) =>
        suite.errors().map((error) => ({ file: fileOf(module), name: suite.fullName, problem: firstLine(error) })),
      ),
    );
    const stray = unhandledErrors.map((error) => ({ problem: firstLine(error) }));
    writeFileSync(process.env['DEVFACTORY_VITEST_REPORT'], JSON.stringify({ tests, errors: [...broken, ...stray] }));
  }
}

function fileOf(module) {
  return relative(process.cwd(), module.moduleId);
}

function firstLine(error) {
  return error?.message?.split('\n')[0];
}
