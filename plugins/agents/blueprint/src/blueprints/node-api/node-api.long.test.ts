// With the long tests its other prompts are built.
import './node-api.test.ts';
