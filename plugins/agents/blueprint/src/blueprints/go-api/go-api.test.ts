import { afterAll, describe, expect, it } from 'vitest';
import { GeneratedProject, missing } from '../../../test/generated.ts';
import { goPrompts } from '../../../test/prompts.ts';
import { createBlueprintAgent } from '../../blueprint-agent.ts';

const projects: GeneratedProject[] = [];
const generate = (prompt: string): GeneratedProject => {
  const project = new GeneratedProject(createBlueprintAgent(), prompt);
  projects.push(project);
  return project;
};
afterAll(() => projects.forEach((project) => project.remove()));
const lacks =
  missing('go', ['version'], /go1\.(?:2[4-9]|[3-9]\d)/) ||
  missing('go', ['mod', 'download', '-json', 'go.etcd.io/bbolt@v1.4.3'], /"Dir"/);

describe.skipIf(lacks)(
  `a Go project${lacks ? ' (skipped: no go of version 1.24 or newer, or no module proxy)' : ''}`,
  () => {
    it.each(goPrompts.slice(0, 1))(
      'passes its own tests and every check proposed for it, and is formatted: %s',
      async (prompt) => {
        const project = generate(prompt);
        const { work, proposal } = await project.build();
        expect(work.text).toContain('Its own tests passed');
        expect(project.run('gofmt', ['-l', '.']).output).toBe('');
        expect(project.run('go', ['vet', './...']).output).toBe('');
        expect(await project.failedChecks(proposal)).toEqual([]);
      },
      600_000,
    );
  },
);
