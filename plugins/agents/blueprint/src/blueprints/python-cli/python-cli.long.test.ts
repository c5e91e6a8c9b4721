import { spawnSync } from 'node:child_process';
import { afterAll, describe, expect, it } from 'vitest';
import { GeneratedProject } from '../../../test/generated.ts';
import { pythonToolPrompts } from '../../../test/prompts.ts';
import { createBlueprintAgent } from '../../blueprint-agent.ts';

const lacksPytest = spawnSync('python3', ['-c', 'import pytest']).status !== 0;
const projects: GeneratedProject[] = [];
afterAll(() => projects.forEach((project) => project.remove()));

describe.skipIf(lacksPytest)(
  `a command line tool in Python${lacksPytest ? ' (skipped: no python3 with pytest)' : ''}`,
  () => {
    it.each(pythonToolPrompts.slice(1))(
      'passes its own tests and every check proposed for it: %s',
      async (prompt) => {
        const project = new GeneratedProject(createBlueprintAgent(), prompt);
        projects.push(project);
        const { work, proposal } = await project.build();
        expect(work.text).toMatch(/\d+ passed/);
        expect(proposal.requirements.filter(({ cannot }) => cannot !== undefined)).toEqual([]);
        expect(await project.failedChecks(proposal)).toEqual([]);
      },
      180_000,
    );
  },
);
