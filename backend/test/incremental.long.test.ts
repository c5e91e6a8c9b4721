// With the long tests a thousand edits.
import './incremental.e2e.test.ts';
