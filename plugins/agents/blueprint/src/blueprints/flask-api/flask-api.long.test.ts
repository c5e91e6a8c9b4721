// With the long tests its other prompts are built.
import './flask-api.test.ts';
