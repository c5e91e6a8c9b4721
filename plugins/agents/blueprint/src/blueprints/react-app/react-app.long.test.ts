// With the long tests its other prompts are built.
import './react-app.test.ts';
