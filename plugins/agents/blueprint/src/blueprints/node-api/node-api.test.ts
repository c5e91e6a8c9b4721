import { blueprintSuite, typeErrors, oldNode } from '../../../test/blueprint-suite.ts';
import { nodePrompts } from '../../../test/prompts.ts';
import { createBlueprintAgent } from '../../blueprint-agent.ts';

blueprintSuite({
  agent: createBlueprintAgent(),
  title: 'a Node project',
  lacks: oldNode,
  prompts: nodePrompts,
  complaints: typeErrors,
});
