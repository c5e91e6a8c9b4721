// With the long tests its other prompts are built.
import './java-api.test.ts';
