import { blueprintSuite } from '../../../test/blueprint-suite.ts';
import { missing } from '../../../test/generated.ts';
import { goPrompts } from '../../../test/prompts.ts';
import { createBlueprintAgent } from '../../blueprint-agent.ts';

const lacks =
  missing('go', ['version'], /go1\.(?:2[4-9]|[3-9]\d)/) ||
  missing('go', ['mod', 'download', '-json', 'go.etcd.io/bbolt@v1.4.3'], /"Dir"/);

blueprintSuite({
  agent: createBlueprintAgent(),
  title: 'a Go project',
  lacks: lacks ? 'no go of version 1.24 or newer, or no module proxy' : null,
  prompts: goPrompts,
  complaints: (project) => project.run('gofmt', ['-l', '.']).output + project.run('go', ['vet', './...']).output,
});
