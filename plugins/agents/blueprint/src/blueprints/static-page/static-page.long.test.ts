// With the long tests its other prompts are built.
import './static-page.test.ts';
