import { blueprintSuite } from '../../../test/blueprint-suite.ts';
import { python } from '../../../test/generated.ts';
import { flaskPrompts } from '../../../test/prompts.ts';
import { createBlueprintAgent } from '../../blueprint-agent.ts';

blueprintSuite({
  agent: createBlueprintAgent(),
  title: 'a Flask project',
  lacks: python === null ? 'no python3 with flask, jwt and pytest' : null,
  prompts: flaskPrompts,
  complaints: (project) => project.run(python ?? '', ['-m', 'compileall', '-q', 'app', 'tests']).output,
});
