// With the long tests its other prompts are built.
import './go-api.test.ts';
