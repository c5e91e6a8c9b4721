import { blueprintSuite } from '../../../test/blueprint-suite.ts';
import { missing } from '../../../test/generated.ts';
import { pythonToolPrompts } from '../../../test/prompts.ts';
import { createBlueprintAgent } from '../../blueprint-agent.ts';

blueprintSuite({
  agent: createBlueprintAgent(),
  title: 'a command line tool in Python',
  lacks: missing('python3', ['-c', 'import pytest'], /^/) ? 'no python3 with pytest' : null,
  prompts: pythonToolPrompts,
});
