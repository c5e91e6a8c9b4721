// With the long tests its other prompts are built.
import './rust-cli.test.ts';
