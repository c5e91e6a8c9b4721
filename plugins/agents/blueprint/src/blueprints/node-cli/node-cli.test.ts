import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { GeneratedProject } from '../../../test/generated.ts';
import { nodeToolPrompts } from '../../../test/prompts.ts';
import { createBlueprintAgent } from '../../blueprint-agent.ts';

const root = fileURLToPath(new URL('../../../../../../', import.meta.url));
const isNew = Number(process.versions.node.split('.')[0]) >= 24;
const projects: GeneratedProject[] = [];
afterAll(() => projects.forEach((project) => project.remove()));

describe.skipIf(!isNew)(
  `a command line tool in TypeScript${isNew ? '' : ' (skipped: this is not Node 24 or newer)'}`,
  () => {
    it.each(nodeToolPrompts.slice(0, 1))(
      'passes its types, its own tests and every check proposed for it: %s',
      async (prompt) => {
        const project = new GeneratedProject(createBlueprintAgent(), prompt);
        projects.push(project);
        const { work, proposal } = await project.build();
        const types = project.run(process.execPath, [
          `${root}node_modules/typescript/bin/tsc`,
          '--typeRoots',
          `${root}node_modules/@types`,
        ]);
        expect(types.output).toBe('');
        expect(work.steps.at(-2)?.results[work.steps.at(-2)?.calls[0]?.id ?? '']?.text).toMatch(/fail 0/);
        expect(await project.failedChecks(proposal)).toEqual([]);
      },
      180_000,
    );
  },
);
