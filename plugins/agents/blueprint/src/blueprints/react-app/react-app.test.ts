import { blueprintSuite, oldNode } from '../../../test/blueprint-suite.ts';
import { missing } from '../../../test/generated.ts';
import { reactPrompts } from '../../../test/prompts.ts';
import { createBlueprintAgent } from '../../blueprint-agent.ts';

blueprintSuite({
  agent: createBlueprintAgent(),
  title: 'a React app',
  lacks: oldNode ?? (missing('npm', ['view', 'react@19.3.1', 'version'], /19/) ? 'no registry with React' : null),
  prompts: reactPrompts,
  // The verifier lends its packages read-only.
  complaints: (project) =>
    project.run('/bin/sh', ['-c', 'ls -d node_modules/.vite node_modules/.vite-temp 2>/dev/null']).output,
});
