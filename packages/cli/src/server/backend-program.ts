import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CliError } from '../failure.ts';

export type BackendProgram = 'serve' | 'restore' | 'move-blobs';

/** A program of the back end, which is started and never imported. Throws CliError when it is not built. */
export function backendProgram(name: BackendProgram): string {
  const path = fileURLToPath(new URL(`../../../../backend/dist/${name}.js`, import.meta.url));
  if (existsSync(path)) return path;
  throw new CliError(
    'The server is not built. Run `npm run build` in the folder of AI DevFactory, or start with `npm start`.',
  );
}
