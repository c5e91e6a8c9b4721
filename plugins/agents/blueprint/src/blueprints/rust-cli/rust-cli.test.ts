import { spawnSync } from 'node:child_process';
import { blueprintSuite } from '../../../test/blueprint-suite.ts';
import { missing } from '../../../test/generated.ts';
import { rustToolPrompts } from '../../../test/prompts.ts';
import { createBlueprintAgent } from '../../blueprint-agent.ts';

const lacks =
  missing('cargo', ['--version'], /cargo [1-9]|cargo 0\.(?:6[4-9]|[7-9]\d)/) || missing('cc', ['--version'], /./);
const hasFormatter = spawnSync('rustfmt', ['--version']).status === 0;

blueprintSuite({
  agent: createBlueprintAgent(),
  title: 'a command line tool in Rust',
  lacks: lacks ? 'no cargo of Rust 1.63 or newer, or no cc' : null,
  prompts: rustToolPrompts,
  complaints: (project) => {
    const layout = hasFormatter ? project.run('cargo', ['fmt', '--check']).output : '';
    project.run('touch', ['src/main.rs']);
    return layout + project.run('cargo', ['build', '--quiet']).output;
  },
});
