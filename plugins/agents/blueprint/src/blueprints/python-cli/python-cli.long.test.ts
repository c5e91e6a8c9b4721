// With the long tests its other prompts are built.
import './python-cli.test.ts';
