import { afterAll, describe, expect, it } from 'vitest';
import { GeneratedProject, missing } from '../../../test/generated.ts';
import { javaPrompts } from '../../../test/prompts.ts';
import { createBlueprintAgent } from '../../blueprint-agent.ts';

const projects: GeneratedProject[] = [];
const generate = (prompt: string): GeneratedProject => {
  const project = new GeneratedProject(createBlueprintAgent(), prompt);
  projects.push(project);
  return project;
};
afterAll(() => projects.forEach((project) => project.remove()));
const lacks =
  missing('javac', ['-version'], /javac (?:1[7-9]|[2-9]\d)/) ||
  missing('mvn', ['--batch-mode', '--quiet', 'dependency:get', '-Dartifact=io.javalin:javalin:6.7.0'], /^/);

describe.skipIf(lacks)(`a Java project${lacks ? ' (skipped: no JDK 17 with Maven, or no Maven Central)' : ''}`, () => {
  it.each(javaPrompts.slice(1))(
    'passes its own tests and every check proposed for it: %s',
    async (prompt) => {
      const project = generate(prompt);
      const { work, proposal } = await project.build();
      expect(work.text).toContain('Its own tests passed');
      expect(await project.failedChecks(proposal)).toEqual([]);
    },
    600_000,
  );
});
