import { fileURLToPath } from 'node:url';
import type { Agent } from '@devfactory/kit';
import { afterAll, describe, expect, it } from 'vitest';
import { GeneratedProject } from './generated.ts';

interface BlueprintSuite {
  readonly agent: Agent;
  /** 'a Go project' */
  readonly title: string;
  /** What this machine lacks for it; null where all is there. */
  readonly lacks: string | null;
  /** The first is built each time, the others with the long tests, whose file imports the blueprint's test. */
  readonly prompts: readonly string[];
  /** What its formatter or compiler has to say about the project that was built; nothing where all is well. */
  readonly complaints?: (project: GeneratedProject) => string;
}

const isLong = process.env['DEVFACTORY_LONG'] === '1';

/** Builds prompts for real: the project's own tests pass, and every check that was proposed for it. */
export function blueprintSuite({ agent, title, lacks, prompts, complaints }: BlueprintSuite): void {
  const projects: GeneratedProject[] = [];
  afterAll(() => projects.forEach((project) => project.remove()));
  describe.skipIf(lacks !== null)(`${title}${lacks === null ? '' : ` (skipped: ${lacks})`}`, () => {
    it.each(isLong ? prompts.slice(1) : prompts.slice(0, 1))(
      'passes its own tests and every check proposed for it: %s',
      async (prompt) => {
        const project = new GeneratedProject(agent, prompt);
        projects.push(project);
        const { work, proposal } = await project.build();
        expect(work.text).toContain('Its own tests passed');
        expect(proposal.requirements.filter(({ cannot }) => cannot !== undefined)).toEqual([]);
        expect(complaints?.(project) ?? '').toBe('');
        expect(await project.failedChecks(proposal)).toEqual([]);
      },
      600_000,
    );
  });
}

const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** What the compiler of this repository says about the types of a TypeScript project. */
export function typeErrors(project: GeneratedProject): string {
  const compiler = `${root}node_modules/typescript/bin/tsc`;
  return project.run(process.execPath, [compiler, '--typeRoots', `${root}node_modules/@types`]).output;
}

export const oldNode = Number(process.versions.node.split('.')[0]) >= 24 ? null : 'this is not Node 24 or newer';
