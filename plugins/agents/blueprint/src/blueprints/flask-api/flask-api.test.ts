import { afterAll, describe, expect, it } from 'vitest';
import { GeneratedProject, python } from '../../../test/generated.ts';
import { flaskPrompts } from '../../../test/prompts.ts';
import { createBlueprintAgent } from '../../blueprint-agent.ts';

const projects: GeneratedProject[] = [];
const generate = (prompt: string, requirements: readonly string[] = []): GeneratedProject => {
  const project = new GeneratedProject(createBlueprintAgent(), prompt, requirements);
  projects.push(project);
  return project;
};
afterAll(() => projects.forEach((project) => project.remove()));

describe.skipIf(python === null)(
  `a Flask project${python === null ? ' (skipped: no python3 with flask, jwt and pytest)' : ''}`,
  () => {
    it.each(flaskPrompts.slice(0, 1))(
      'passes its own tests and every check proposed for it: %s',
      async (prompt) => {
        const project = generate(prompt);
        const { work, proposal } = await project.build();
        expect(work.text).toMatch(/\d+ passed/);
        expect(await project.failedChecks(proposal)).toEqual([]);
        expect(project.run(python ?? '', ['-m', 'compileall', '-q', 'app', 'tests']).code).toBe(0);
      },
      180_000,
    );
  },
);
