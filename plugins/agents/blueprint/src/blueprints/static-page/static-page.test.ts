import { blueprintSuite, oldNode } from '../../../test/blueprint-suite.ts';
import { missing } from '../../../test/generated.ts';
import { pagePrompts } from '../../../test/prompts.ts';
import { createBlueprintAgent } from '../../blueprint-agent.ts';

blueprintSuite({
  agent: createBlueprintAgent(),
  title: 'a static web page',
  lacks: oldNode ?? (missing('npm', ['view', 'jsdom@31.0.1', 'version'], /31/) ? 'no registry with jsdom' : null),
  prompts: pagePrompts,
});
