// With the long tests its other prompts are built.
import './node-cli.test.ts';
