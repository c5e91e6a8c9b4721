import { blueprintSuite } from '../../../test/blueprint-suite.ts';
import { missing } from '../../../test/generated.ts';
import { javaPrompts } from '../../../test/prompts.ts';
import { createBlueprintAgent } from '../../blueprint-agent.ts';

const lacks =
  missing('javac', ['-version'], /javac (?:1[7-9]|[2-9]\d)/) ||
  missing('mvn', ['--batch-mode', '--quiet', 'dependency:get', '-Dartifact=io.javalin:javalin:6.7.0'], /^/);

blueprintSuite({
  agent: createBlueprintAgent(),
  title: 'a Java project',
  lacks: lacks ? 'no JDK 17 with Maven, or no Maven Central' : null,
  prompts: javaPrompts,
});
