import { blueprintSuite, typeErrors, oldNode } from '../../../test/blueprint-suite.ts';
import { nodeToolPrompts } from '../../../test/prompts.ts';
import { createBlueprintAgent } from '../../blueprint-agent.ts';

blueprintSuite({
  agent: createBlueprintAgent(),
  title: 'a command line tool in TypeScript',
  lacks: oldNode,
  prompts: nodeToolPrompts,
  complaints: typeErrors,
});
