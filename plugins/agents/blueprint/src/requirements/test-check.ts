import type { CheckProposal } from '@devfactory/contracts';
import { filesOf, type Blueprint } from '../blueprints/blueprint.ts';
import type { Model } from '../model/model.ts';

/** The delivered test files as a check: exactly these tests must run and pass. Null when none is wanted. */
export function testCheck(
  blueprint: Blueprint,
  model: Model,
  { title, wanted }: { readonly title: string; readonly wanted: (id: string) => boolean },
): CheckProposal | null {
  const files = filesOf(blueprint, model).filter((file) => blueprint.isTest(file));
  const tests = blueprint.testIds(files).filter(wanted);
  if (tests.length === 0) return null;
  return {
    title,
    intent: 'change',
    // Compilers on a busy machine take their time, and each test runs beside a control.
    timeoutMs: 600_000,
    spec: {
      kind: 'test',
      toolchain: blueprint.toolchain,
      files: files.map(({ path, content }) => ({ path, content })),
      tests,
    },
  };
}

/** Letters of a test's id alone: each language writes 'stored as a hash' in a way of its own. */
export function plainId(id: string): string {
  return id.toLowerCase().replaceAll(/[^a-z]/g, '');
}
